import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { startAlertReceiver } from './support/alertReceiver.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, type Stage, signUp, useStage, within } from './support/stack.ts';

const stage = useStage('policies');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let complaints: string[];
let receiver: Awaited<ReturnType<typeof startAlertReceiver>>;

beforeAll(async () => {
  ({ stack, target, page, complaints } = stage());
  receiver = await startAlertReceiver();
});

afterAll(() => receiver?.stop());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });

/** By day and by night, on a phone and at a desk: nothing that axe finds, and nothing to be scrolled sideways. */
const expectSound = async (name: string) => {
  await photograph(page, name);
  expect(await faultsOf(page, true)).toEqual([]);
};

const create = async (path: string, data: object) => {
  const { origin } = stack.pharos;
  const response = await page.request.post(`${origin}/api/v1${path}`, { data, headers: { origin } });
  expect(response.status()).toBe(201);
  return (await response.json()) as { id: string };
};

test('a policy is made for a tag, and says which monitors go by it', async () => {
  await signUp(page, stack.pharos.origin, 'hedy@policies.example.com');
  await create('/channels', { kind: 'webhook', name: '#payments', settings: { url: receiver.url } });
  await create('/monitors', httpMonitor({ url: target.url, name: 'Shop', tags: ['payments'] }));
  await create('/monitors', httpMonitor({ url: target.url, name: 'Blog' }));
  await page.goto(`${stack.pharos.origin}/alerts/policy`);
  await page.getByTestId('policy').waitFor(within(10));
  await link('Add policy').click();
  await page.getByLabel('Name').fill('Payments');
  await page.getByLabel('Tags of its monitors').fill('payments');
  await page.getByLabel('Tags of its monitors').press('Enter');
  await page.getByTestId('coverage').getByText('1 monitor with these tags: Shop.').waitFor(within(10));
  await button('#payments').click();
  await page.getByTestId('escalation-text').getByText('At once to #payments.').waitFor(within(5));
  await page.reload();
  await page.getByTestId('escalation-text').getByText('At once to #payments.').waitFor(within(10));
  await expectSound('policies-form');
  await button('Create policy').click();
  const made = page.getByTestId('policy').filter({ has: page.getByRole('heading', { name: 'Payments', exact: true }) });
  await made.getByText('1 monitor.').waitFor(within(10));
  await made.getByText('Monitors', { exact: true }).click();
  await expectSound('policies-list');
  await made.getByRole('link', { name: 'Shop' }).click();
  await page.getByTestId('escalation-policy').getByText('by the tag “payments”').waitFor(within(10));
  await expectSound('policies-monitor');
});

test('the form of a monitor says by which policy it goes, and takes another', async () => {
  await link('Edit').click();
  await page.getByText('Advanced').click();
  await page.getByText('“Payments”, by the tag “payments”: At once to #payments.').waitFor(within(10));
  await page.getByLabel('Escalation policy', { exact: true }).selectOption({ label: 'Default' });
  await page.getByLabel('Critical (bypasses quiet hours)').check();
  await expectSound('policies-monitor-form');
  await button('Save changes').click();
  await page
    .getByTestId('escalation-policy')
    .getByText('Escalation policy: Default, chosen for this monitor. Critical')
    .waitFor(within(10));
  await link('Edit').click();
  await page.getByText('Advanced').click();
  await page
    .getByLabel('Escalation policy', { exact: true })
    .selectOption({ label: 'Automatic: by tag, otherwise default' });
  await page.getByLabel('Critical (bypasses quiet hours)').uncheck();
  await button('Save changes').click();
  await page.getByTestId('escalation-policy').getByText('Escalation policy: Payments').waitFor(within(10));
});

test('a channel in quiet hours holds an outage, says so, and releases it by hand', async () => {
  const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  await link('Alerts').click();
  await link('Edit #payments').click();
  await page.getByRole('checkbox', { name: /^Hold alerts during quiet hours/ }).check();
  await page.getByLabel('Time zone').selectOption('UTC');
  await page.getByLabel('From', { exact: true }).fill(clock(-2));
  await page.getByLabel('To', { exact: true }).fill('');
  await button('Save changes').click();
  await page.locator('.field-error', { hasText: 'Use a time such as 07:00' }).waitFor(within(5));
  await page.getByLabel('To', { exact: true }).fill(clock(3));
  await expectSound('quiet-form');
  await button('Save changes').click();
  await page.getByText('Quiet hours until').waitFor(within(10));
  await target.answerError();
  await link('Monitors').click();
  await page.getByTestId('monitor-row').getByRole('link', { name: 'Shop' }).click();
  await button('Check now').click();
  await page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(30));
  await page.getByRole('link', { name: 'Unexpected HTTP status 500' }).click();
  await page.getByTestId('incident-headline').waitFor(within(10));
  await page.getByText(/Held until .* \(UTC\) by the quiet hours of this channel\./).waitFor(within(20));
  expect(receiver.of('down')).toEqual([]);
  await expectSound('quiet-incident');
  await page.getByRole('button', { name: /^Send now/ }).click();
  await page.getByTestId('delivery-state').filter({ hasText: 'Delivered' }).waitFor(within(20));
  expect(receiver.of('down')).toHaveLength(1);
});

test('deleting a policy says first by what its monitors go then', async () => {
  await link('Alerts').click();
  await link('Escalation policies').click();
  await button('Delete Payments').click();
  await page.getByTestId('fallback').getByText('Then “Default” applies to: Shop.').waitFor(within(10));
  await button('Delete policy').click();
  await expect.poll(() => page.getByTestId('policy').count(), within(10)).toBe(1);
});

test('the browser had nothing to complain about', () => {
  // Chromium reports refused requests, and a feed that has to be opened again.
  expect(complaints.filter((text) => !/status of 4\d\d|\/live' failed/.test(text))).toEqual([]);
});
