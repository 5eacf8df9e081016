import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { photograph, type Stage, signUp, useStage, widthOverflow, within } from './support/stack.ts';

const stage = useStage('reclassify');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let complaints: string[];
let monitorPath: string;

beforeAll(() => {
  ({ stack, target, page, complaints } = stage());
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const reason = '<script>document.title = "broken in"</script> Our firewall dropped the probes.';

test('an outage that is over can be called a false positive, and the effect is shown beforehand', async () => {
  await signUp(page, stack.pharos.origin, 'grace@reclassify.example.com');
  await page.getByLabel('Address to monitor').fill(target.url);
  await button('Create monitor').click();
  await page.locator('.verdict.large', { hasText: 'Up' }).waitFor(within(15));
  monitorPath = new URL(page.url()).pathname;
  await target.answerError();
  await button('Check now').click();
  await page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(30));
  await page.getByRole('link', { name: 'Unexpected HTTP status 500' }).click();
  await page.locator('[data-testid=incident-headline][data-state=open]').waitFor(within(5));
  expect(await page.getByText('Mark as false positive…').count()).toBe(0);
  await target.mend();
  await page.getByRole('link', { name: 'Mark as false positive…' }).click(within(60));
  await page.getByTestId('effect').waitFor(within(10));
  expect(await page.getByTestId('effect').innerText()).toMatch(/^Uptime of the last 30 days: \d+\.\d\d % → 100 %$/);
  await page.getByText(/down will count as up\.$/).waitFor(within(5));
  expect(await widthOverflow(page)).toBeLessThanOrEqual(0);
  await photograph(page, 'reclassify-form');
});

test('an invalid value is reported at its field, and no input is lost', async () => {
  await button('Reclassify').click();
  await page.getByText('Enter a reason. The team reads it in the audit trail.').waitFor(within(5));
  await page.getByLabel('Reason').fill(reason);
  const from = await page.getByLabel('From', { exact: true }).inputValue();
  await page.getByLabel('From', { exact: true }).fill('2099-01-01T12:00:01');
  await page.getByText('This is in the future').waitFor(within(10));
  await page.getByLabel('From', { exact: true }).fill('2020-01-01T12:00:01');
  await page.getByText('The monitor was created at').waitFor(within(10));
  await page.getByLabel('From', { exact: true }).fill('');
  await page.getByText('Enter the start.').waitFor(within(5));
  await photograph(page, 'reclassify-refused');
  await page.reload();
  await page.getByLabel('Reason').waitFor(within(10));
  expect(await page.getByLabel('Reason').inputValue()).toBe(reason);
  await page.getByLabel('From', { exact: true }).fill(from);
  await page.getByTestId('effect').waitFor(within(10));
});

test('the incident is marked and its timeline says who and why', async () => {
  await button('Reclassify').click();
  const headline = page.getByTestId('incident-headline');
  await headline.getByText('False positive').waitFor(within(10));
  const event = page.locator('[data-testid=event][data-kind=reclassified]');
  await event.filter({ hasText: 'grace@reclassify.example.com' }).filter({ hasText: reason }).waitFor(within(5));
  expect(await page.title()).not.toContain('broken in');
  await photograph(page, 'reclassify-incident');
  await page.getByRole('link', { name: 'All incidents' }).click();
  await page.getByTestId('incident').getByText('False positive').waitFor(within(5));
  await photograph(page, 'reclassify-incidents');
});

test('the monitor shows uptime with what it was before, the history and who decided', async () => {
  await page.goto(stack.pharos.origin + monitorPath);
  await page
    .getByText(/\d+\.\d\d % before reclassification/)
    .first()
    .waitFor(within(10));
  await page.getByTestId('history-span').filter({ hasText: 'counts as up' }).waitFor(within(10));
  await page.getByTestId('reclassification').filter({ hasText: reason }).waitFor(within(10));
  await page.getByRole('img', { name: /^History: / }).waitFor(within(5));
  await button('7 days').click();
  await page.getByTestId('history-span').filter({ hasText: 'counts as up' }).waitFor(within(10));
  await photograph(page, 'reclassify-monitor');
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await widthOverflow(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('the same time cannot be reclassified again', async () => {
  const form = page.waitForURL(/reclassify/);
  await page.getByRole('link', { name: 'Reclassify a period…' }).click();
  await form;
  await page.getByRole('radio', { name: /Maintenance/ }).check();
  await page.getByLabel('Reason').fill('Twice');
  const { data } = (await (
    await page.request.get(`${stack.pharos.origin}/api/v1${monitorPath}/reclassifications`)
  ).json()) as { data: { from: string; to: string }[] };
  // As a field writes it: without seconds on the full minute.
  const local = (iso = '') => new Date(iso).toLocaleString('sv').replace(' ', 'T').replace(/:00$/, '');
  await page.getByLabel('From', { exact: true }).fill(local(data[0]?.from));
  await page.getByLabel('To', { exact: true }).fill(local(data[0]?.to));
  await page.getByText('Overlaps a reclassification as a false positive').waitFor(within(10));
  await photograph(page, 'reclassify-overlap');
  await page.getByRole('link', { name: 'Cancel' }).click();
});

test('it is taken back only when that is confirmed, and everything counts as before', async () => {
  await button('Undo').click();
  await page.getByRole('alertdialog').waitFor(within(5));
  await photograph(page, 'reclassify-take-back');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo reclassification' }).click();
  await page.getByText(/undone by grace@reclassify.example.com/).waitFor(within(10));
  await expect.poll(() => page.getByText('before reclassification').count(), within(10)).toBe(0);
  expect(await button('Undo').count()).toBe(0);
});

test('the audit trail lists all of it, and that of one monitor is a link away', async () => {
  await page.getByRole('link', { name: 'Audit trail' }).click();
  await page.getByText('Only entries of').waitFor(within(10));
  await page.locator('[data-action="reclassification.created"]').filter({ hasText: reason }).waitFor(within(10));
  await page.locator('[data-action="reclassification.revoked"]').waitFor(within(5));
  await photograph(page, 'audit');
  await page.getByRole('link', { name: 'Show all' }).click();
  await page.getByText('Only entries of').waitFor({ state: 'detached', ...within(5) });
});

test('the browser had nothing to complain about', () => {
  // Chromium reports refused requests as failed resources.
  expect(complaints.filter((text) => !/status of 40[0149]/.test(text))).toEqual([]);
});
