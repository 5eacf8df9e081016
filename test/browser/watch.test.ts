import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { photograph, type Stage, useStage, widthOverflow, within } from './support/stack.ts';

const stage = useStage('watch');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let complaints: string[];

beforeAll(() => {
  ({ stack, target, page, complaints } = stage());
});

const regionVerdicts = () =>
  page.getByRole('list', { name: 'Status per region' }).getByTestId('verdict').allInnerTexts();
const headline = (word: string) => page.locator('.verdict.large', { hasText: word });
const openIncident = () => page.locator('[data-testid=incident][data-state=open]');
/** The verdict turns down for this reason and an incident opens; mended, it turns up and the incident is closed. */
const seeOutage = async ({
  breakIt,
  reason,
  downWithin,
  name,
}: {
  breakIt: () => unknown;
  reason: string;
  downWithin: number;
  name: string;
}) => {
  await breakIt();
  await headline('Down').waitFor(within(downWithin));
  await openIncident().filter({ hasText: reason }).waitFor(within(5));
  await page.getByTestId('check-row').filter({ hasText: reason }).first().waitFor(within(5));
  await photograph(page, `monitor-down-${name}`);
  await target.mend();
  await headline('Up').waitFor(within(30));
  await openIncident().waitFor({ state: 'detached', ...within(5) });
  await page
    .locator('[data-testid=incident][data-state=resolved]')
    .filter({ hasText: reason })
    .first()
    .waitFor(within(5));
};

test('a person signs up on an empty dashboard', async () => {
  await page.goto(`${stack.pharos.origin}/`);
  await page
    .getByRole('link', { name: /sign up|create an account/i })
    .first()
    .click();
  await photograph(page, 'sign-up');
  await page.getByLabel('E-mail').fill('Ada@watch.example.com');
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: /sign up|create/i }).click();
  await page.getByRole('heading', { name: 'Monitor your first site' }).waitFor(within(10));
  await photograph(page, 'empty');
});

test('a typing error is explained at the field and loses nothing', async () => {
  await page.getByLabel('Address to monitor').fill('javascript:alert(1)');
  await page.getByRole('button', { name: 'Create monitor' }).click();
  await page.getByText(/only http and https|web address/).waitFor(within(5));
  expect(await page.getByLabel('Address to monitor').inputValue()).toBe('javascript:alert(1)');
});

test('they add an address from one field and see it up in every region without a reload', async () => {
  await page.getByLabel('Address to monitor').fill(target.url);
  await page.getByRole('button', { name: 'Create monitor' }).click();
  await expect.poll(regionVerdicts).toEqual(['Up', 'Up', 'Up']);
  await headline('Up').waitFor(within(10));
  await page.getByTestId('check-row').nth(2).waitFor(within(5));
  await photograph(page, 'monitor-up');
});

test('they make it check every 10 s with a timeout of 2 s', async () => {
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Name').fill('The lighthouse');
  await page.getByLabel('Check interval', { exact: true }).selectOption('10');
  await page.locator('summary').first().click();
  await page.getByLabel('Timeout (seconds)').fill('2');
  await photograph(page, 'edit');
  await page.getByRole('button', { name: /save/i }).click();
  await page.getByRole('heading', { name: 'The lighthouse' }).waitFor(within(10));
});

test('an answer of 500 is seen as down with its reason and an incident, and mended as up', async () => {
  await seeOutage({
    breakIt: target.answerError,
    reason: 'Unexpected HTTP status 500',
    downWithin: 20,
    name: 'status',
  });
});

test('a closed port is seen as a refused connection', async () => {
  await seeOutage({ breakIt: target.refuse, reason: 'Connection refused', downWithin: 20, name: 'refused' });
});

test('a target that hangs is seen as a timeout', async () => {
  await seeOutage({ breakIt: target.hang, reason: 'No response within the timeout', downWithin: 25, name: 'hanging' });
});

test('the list shows it with its latency, its sparkline and its uptime', async () => {
  await page.getByRole('link', { name: 'All monitors' }).click();
  const row = page.getByTestId('monitor-row');
  // The list as it was left stands there until the answer comes.
  await row.filter({ hasText: 'The lighthouse' }).filter({ hasText: 'Up' }).waitFor(within(5));
  expect(await row.innerText()).toMatch(/Up[\s\S]*\d+ ms[\s\S]*\d+(\.\d+)? ?%/);
  await photograph(page, 'list');
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await widthOverflow(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('they publish a status page that visitors read without script, and that reveals no address', async () => {
  await page.getByRole('link', { name: 'Status pages' }).first().click();
  await page.getByRole('link', { name: 'Create a status page' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Lighthouse keepers');
  await page.getByLabel('Address', { exact: true }).fill('stateful');
  await page.getByRole('group', { name: 'Available monitors' }).getByRole('button').first().click();
  await page.getByRole('button', { name: 'Create page' }).click();
  await page.getByRole('link', { name: 'Edit Lighthouse keepers' }).waitFor(within(10));
  const context = await stack.browser.newContext({ javaScriptEnabled: false });
  const visitor = await context.newPage();
  const answer = await visitor.goto(`${stack.pharos.origin}/status/stateful`);
  expect(answer?.status()).toBe(200);
  await visitor.getByRole('heading', { name: 'Lighthouse keepers' }).waitFor(within(5));
  expect(await visitor.locator('body').innerText()).toContain('The lighthouse');
  expect(await visitor.content()).not.toContain('127.0.0.1');
  await photograph(visitor, 'status-page');
  await context.close();
});

test('they sign out, and nothing is to be seen any more', async () => {
  await page.goto(`${stack.pharos.origin}/settings`);
  await photograph(page, 'settings');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('button', { name: /sign in/i }).waitFor(within(10));
  await page.goto(`${stack.pharos.origin}/monitors`);
  await page.getByRole('button', { name: /sign in/i }).waitFor(within(10));
});

test('the browser had nothing to complain about', () => {
  // Being signed out is answered with 401, and a bad address with 400, which Chromium reports as failed resources.
  const expected = /status of 40[01]|\/live' failed: HTTP Authentication failed/;
  expect(complaints.filter((text) => !expected.test(text))).toEqual([]);
});
