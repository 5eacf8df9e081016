import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAlertReceiver } from './support/alertReceiver.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, type Stage, useStage, within } from './support/stack.ts';

const stage = useStage('alerts');
let stack: Stage['stack'];
let target: Stage['target'];
let receiver: Awaited<ReturnType<typeof startAlertReceiver>>;
let later: Awaited<ReturnType<typeof startAlertReceiver>>;
let page: Page;
let complaints: string[];
let incidentAddress: string;
let secondStepAt: number;

beforeAll(async () => {
  ({ stack, target, page, complaints } = stage());
  [receiver, later] = await Promise.all([startAlertReceiver(), startAlertReceiver()]);
});

afterAll(() => Promise.all([receiver?.stop(), later?.stop()]));

const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
const step = (number: number) => page.getByTestId('step').nth(number - 1);
const sentence = () => page.getByTestId('escalation-text');

/** By day and by night, on a phone and at a desk: nothing that axe finds, and nothing to be scrolled sideways. */
const expectSound = async () => {
  expect(await faultsOf(page, true)).toEqual([]);
};

/** Creates a webhook by the form that is open. */
const createWebhook = async (name: string, url: string) => {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Address').fill(url);
  await button('Create channel').click();
  await page.getByRole('heading', { name: `“${name}” is ready` }).waitFor(within(10));
};

test('while there are monitors but no channel, the dashboard says so and leads to the form', async () => {
  await page.goto(`${stack.pharos.origin}/sign-up`);
  await page.getByLabel('E-mail').fill('grace@alerts.example.com');
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: /sign up|create/i }).click();
  await page.getByLabel('Address to monitor').fill(target.url);
  await button('Create monitor').click();
  await page.locator('.verdict.large', { hasText: 'Up' }).waitFor(within(20));
  await link('Alerts').click();
  await page.getByText('Add a channel to receive every outage.').waitFor(within(10));
  await expectSound();
  await photograph(page, 'alerts-empty');
  await link('Monitors').click();
  await page.getByText('No alerts configured: the team has no channel.').waitFor(within(10));
  await expectSound();
  await photograph(page, 'alerts-home');
  await link('Add a channel').click();
  await heading('Choose a channel type').waitFor(within(10));
});

test('a kind is found by its name, and its form says what is missing', async () => {
  await expectSound();
  await photograph(page, 'alerts-kinds');
  await page.getByLabel('Search channel types').fill('hook');
  await link('Webhook').click();
  await heading('New channel: Webhook').waitFor(within(10));
  await button('Create channel').click();
  await page.getByText('This field is required.').waitFor(within(5));
  await page.getByLabel('Address').fill('nowhere');
  await button('Create channel').click();
  await page.locator('.field-error').waitFor(within(10));
  await page.getByRole('alert').getByText('Some values are invalid').waitFor(within(10));
  expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
  await expectSound();
  await photograph(page, 'alerts-form');
});

test('a draft outlives a reload, without its secrets, and is deleted once it was saved', async () => {
  await page.getByLabel('Name').fill('The siren');
  await page.getByLabel('Address').fill('https://hooks.example.com/T0/key-of-somebody');
  await page.getByLabel(/^Signing secret/).fill('whsec_of-somebody');
  await page.reload();
  await expect.poll(() => page.getByLabel('Name').inputValue(), within(10)).toBe('The siren');
  // Addresses of webhooks hold keys.
  expect(await page.getByLabel('Address').inputValue()).toBe('');
  expect(await page.getByLabel(/^Signing secret/).inputValue()).toBe('');
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('of-somebody');
});

test('a new webhook shows its signing secret once, and a test signed with it arrives', async () => {
  await createWebhook('#ops', receiver.url);
  const secret = await page.getByTestId('signing-secret').innerText();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('#ops');
  await button('Send test to #ops').click();
  await page.getByText(/^Delivered in \d/).waitFor(within(10));
  const [request] = receiver.of('test');
  expect(request).toBeDefined();
  const { headers, body } = request as NonNullable<typeof request>;
  expect(() => new Webhook(secret).verify(JSON.stringify(body), headers as Record<string, string>)).not.toThrow();
  await expectSound();
  await photograph(page, 'alerts-created');
});

test('a test that fails says what went wrong and what to do', async () => {
  await link('All channels').click();
  await page.getByTestId('channel').waitFor(within(10));
  receiver.answer(404);
  await button('Send test to #ops').click();
  await page.getByText('Not delivered').waitFor(within(10));
  await page.getByText('Check the settings of the channel, then send another test.').waitFor(within(5));
  expect(await page.locator('#answered').count()).toBe(0);
  await expectSound();
  await photograph(page, 'alerts-channels');
  receiver.answer(200);
});

test('a change of the name keeps the secret, which is masked', async () => {
  await link('Edit #ops').click();
  expect(await page.getByLabel('Signing secret').inputValue()).toBe('••••••••');
  await page.getByLabel('Name').fill('#operations');
  await expectSound();
  await button('Save changes').click();
  await page.getByRole('heading', { name: '#operations' }).waitFor(within(10));
});

test('a chat mentions people by severity, in one spelling, and a wrong entry is explained', async () => {
  await link('Add channel').click();
  await link('Slack').click();
  await page.getByLabel('Name').fill('War room');
  await page.getByRole('textbox', { name: 'Webhook address' }).fill('https://hooks.slack.com/services/T0/B0/key');
  const critical = page.getByLabel('Mention on critical alerts (optional)');
  await critical.fill('<!here>\neverybody');
  await page.getByLabel('Mention on advisories (optional)').fill('U012AB3CD');
  await button('Create channel').click();
  await page.locator('.field-error', { hasText: 'Enter @here, @channel' }).waitFor(within(10));
  await expectSound();
  await photograph(page, 'alerts-mentions');
  await critical.fill('<!here>');
  await button('Create channel').click();
  await page.getByRole('heading', { name: '“War room” is ready' }).waitFor(within(10));
  await link('All channels').click();
  await link('Edit War room').click();
  await expect.poll(() => critical.inputValue(), within(10)).toBe('@here');
  expect(await page.getByLabel('Mention on advisories (optional)').inputValue()).toBe('U012AB3CD');
  await link('Alerts').click();
  await button('Delete War room').click();
  await button('Delete channel').click();
  await expect.poll(() => page.getByTestId('channel').count(), within(10)).toBe(1);
});

test('the policy says in a sentence who is notified when, and refuses delays that go backwards', async () => {
  await link('Add channel').click();
  await link('Webhook').click();
  await createWebhook('Night watch', later.url);
  await link('Edit escalation policy').click();
  await expect.poll(() => sentence().textContent(), within(10)).toBe('At once to #operations and Night watch.');
  await step(1).getByRole('button', { name: 'Night watch' }).click();
  await button('Add step').click();
  await step(2).getByRole('button', { name: '#operations' }).click();
  await step(2).getByLabel('Minutes after the start').fill('-1');
  await button('Save policy').click();
  await page.locator('.field-error', { hasText: 'A delay cannot be negative.' }).waitFor(within(5));
  await step(2).getByLabel('Minutes after the start').fill('0.5');
  await step(2).getByRole('button', { name: '#operations' }).click();
  await page.locator('.field-error', { hasText: 'Step 2 notifies nobody.' }).waitFor(within(5));
  await step(2).getByRole('button', { name: 'Night watch' }).click();
  await expectSound();
  await photograph(page, 'alerts-policy');
});

test('steps move by the keyboard, and the focus goes along', async () => {
  await button('Move step 2 up').press('Enter');
  await expect.poll(() => sentence().textContent()).toMatch(/^At once to Night watch; after 30 seconds, .* to #ope/);
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Move step 1 down');
  await page.keyboard.press('Enter');
  const wanted = 'At once to #operations; after 30 seconds, unless acknowledged, to Night watch.';
  await expect.poll(() => sentence().textContent()).toBe(wanted);
  await step(2).getByLabel('Minutes after the start').fill('0.75');
  expect(await page.getByLabel(/^No data/).isChecked()).toBe(true);
  await page.getByLabel(/^Slow/).check();
  await button('Save policy').click();
  await page.getByText('Saved', { exact: true }).waitFor(within(10));
});

test('an outage is notified, and the incident shows the recipients and channels', async () => {
  await link('Monitors').click();
  await page.getByTestId('monitor-row').getByRole('link').click();
  await target.answerError();
  await button('Check now').click();
  await page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(30));
  // Step 2 is due 45 seconds after the beginning, which is before now.
  secondStepAt = Date.now() + 48_000;
  await page.getByRole('link', { name: 'Unexpected HTTP status 500' }).click();
  await page.getByTestId('incident-headline').waitFor(within(10));
  incidentAddress = page.url();
  const delivery = page.getByTestId('delivery').filter({ hasText: '#operations' });
  await delivery.getByTestId('delivery-state').filter({ hasText: 'Delivered' }).waitFor(within(20));
  await page.locator('[data-testid=event][data-kind=notified]').waitFor(within(10));
  await delivery.getByText('1 attempt').click();
  await delivery.getByText('Response').click();
  await delivery.getByText('<b id="answered">well received</b>').waitFor(within(5));
  expect(await page.locator('#answered').count()).toBe(0);
  await expectSound();
  await photograph(page, 'alerts-incident');
});

test('the link in the message asks for a click, and then the escalation stops', async () => {
  const acknowledge = receiver.of('down')[0]?.body.acknowledgeUrl;
  expect(acknowledge).toMatch(/\/a\//);
  const visitor = await stack.browser.newContext();
  const phone = await visitor.newPage();
  await phone.goto(String(acknowledge));
  await phone.getByRole('button').click();
  await phone.getByRole('heading', { name: 'Incident acknowledged' }).waitFor(within(10));
  await visitor.close();
  await page.locator('[data-testid=event][data-kind=acknowledged]').waitFor(within(10));
  await expect.poll(() => receiver.of('acknowledged').length, within(20)).toBe(1);
});

test('the audit trail says who did what to channels and policies, and leads there', async () => {
  await page.goto(`${stack.pharos.origin}/settings/audit`);
  await page.locator('[data-action="policy.changed"]').first().waitFor(within(10));
  const created = page.locator('[data-action="channel.created"]').filter({ hasText: 'Night watch' });
  await expectSound();
  await photograph(page, 'audit');
  await created.getByRole('link', { name: 'Night watch' }).click();
  await heading('Edit channel').waitFor(within(10));
  expect(await page.getByLabel('Name').inputValue()).toBe('Night watch');
  await link('Alerts').click();
});

test('a form that opens again begins with what somebody else has saved meanwhile', async () => {
  const { origin } = stack.pharos;
  const listed = await page.request.get(`${origin}/api/v1/channels`);
  const { data } = (await listed.json()) as { data: { id: string; name: string }[] };
  const id = data.find(({ name }) => name === 'Night watch')?.id;
  await page.request.patch(`${origin}/api/v1/channels/${id}`, { data: { name: 'Night owl' }, headers: { origin } });
  await link('Edit Night owl').click();
  await page.getByLabel('Name').waitFor(within(10));
  expect(await page.getByLabel('Name').inputValue()).toBe('Night owl');
  await page.getByLabel('Name').fill('Night watch');
  await button('Save changes').click();
  await button('Delete Night watch').waitFor(within(10));
});

test('once the next step is past its time, nobody else was notified', async () => {
  await expect.poll(() => Date.now(), { timeout: 90_000, interval: 500 }).toBeGreaterThan(secondStepAt);
  expect(later.of('down')).toEqual([]);
  await page.goto(incidentAddress);
  await page.locator('[data-testid=event][data-kind=acknowledged]').waitFor(within(10));
});

test('a failed delivery is in the log', async () => {
  receiver.answer(400);
  await target.mend();
  await page.locator('[data-testid=event][data-kind=recovered]').waitFor(within(60));
  await page.getByTestId('delivery').filter({ hasText: 'Failed' }).waitFor(within(30));
  await link('Alerts').click();
  await page.getByText('Failing', { exact: true }).waitFor(within(10));
  await photograph(page, 'alerts-failing');
  await link('Deliveries').click();
  await button('Failed').click();
  await page.getByTestId('delivery').waitFor(within(10));
  await expectSound();
  await photograph(page, 'alerts-log');
});

test('a failing channel appears on the dashboard and is notified through the other one', async () => {
  await link('Monitors').click();
  await stack.pharos.sendCron();
  await page.getByText('Alert delivery through #operations has failed since').waitFor(within(10));
  await expectSound();
  await photograph(page, 'alerts-keeps-failing');
  await expect.poll(() => later.of('channel-failing').length, within(20)).toBe(1);
  expect(later.of('channel-failing')[0]?.body.title).toBe('Alert delivery failing: #operations');
});

test('a failed delivery can be sent again, and then the warning disappears', async () => {
  await page.locator('.notice').getByRole('link', { name: 'Deliveries' }).click();
  const failed = page.getByTestId('delivery');
  await failed.waitFor(within(10));
  receiver.answer(200);
  await failed.getByRole('button', { name: /^Send again/ }).click();
  await page.getByText('No delivery matches these filters.').waitFor(within(20));
  await button('Delivered').click();
  await page.getByTestId('delivery').filter({ hasText: 'the monitor has recovered' }).waitFor(within(10));
  await page.getByLabel('Filter by channel').selectOption({ label: 'Night watch' });
  await page.getByTestId('delivery').filter({ hasText: 'another channel keeps failing' }).waitFor(within(10));
  await photograph(page, 'alerts-log-channel');
  await link('Channels').click();
  await page.getByTestId('channel').first().waitFor(within(10));
  await page.getByText('has failed since').waitFor({ state: 'detached' });
});

test('the page of a monitor says who was notified lately, and leads to the incident', async () => {
  await link('Monitors').click();
  await page.getByTestId('monitor-row').getByRole('link').click();
  const notified = page.getByRole('region', { name: 'Notifications' });
  await notified.getByTestId('delivery').filter({ hasText: 'the monitor has recovered' }).waitFor(within(10));
  await expectSound();
  await photograph(page, 'alerts-monitor');
  await notified.getByRole('link', { name: 'Incident' }).first().click();
  await page.getByTestId('incident-headline').waitFor(within(10));
});

test('deleting a channel says first which steps lose it', async () => {
  await link('Alerts').click();
  await button('Delete Night watch').click();
  await page.getByTestId('loss').waitFor(within(10));
  expect(await page.getByTestId('loss').innerText()).toMatch(/^Step 2 of “.*” loses it\.$/);
  await expectSound();
  await photograph(page, 'alerts-delete');
  await button('Delete channel').click();
  await expect.poll(() => page.getByTestId('channel').count(), within(10)).toBe(1);
});

test('the browser had nothing to complain about', () => {
  // Chromium reports refused requests, and a feed that has to be opened again.
  expect(complaints.filter((text) => !/status of 4\d\d|\/live' failed/.test(text))).toEqual([]);
});
