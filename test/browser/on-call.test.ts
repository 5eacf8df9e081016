import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { startAlertReceiver } from './support/alertReceiver.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, type Stage, signUp, useStage, within } from './support/stack.ts';

/** A team takes turns: people, a schedule with a gap, a stand-in, and an outage that wakes only who is on call. */
const stage = useStage('on-call');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let toAda: Awaited<ReturnType<typeof startAlertReceiver>>;
let toBen: Awaited<ReturnType<typeof startAlertReceiver>>;

beforeAll(async () => {
  ({ stack, target, page } = stage());
  [toAda, toBen] = await Promise.all([startAlertReceiver(), startAlertReceiver()]);
});

afterAll(async () => {
  await Promise.all([toAda?.stop(), toBen?.stop()]);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });
const onCallNow = () => page.getByTestId('on-call-now');
const focused = (property: string) => page.evaluate(`document.activeElement.${property}`);
const coverage = () => page.getByTestId('coverage');

const post = async (path: string, data: unknown) => {
  const headers = { origin: stack.pharos.origin };
  const response = await page.request.post(`${stack.pharos.origin}/api/v1${path}`, { data, headers });
  expect(response.status()).toBe(201);
};

const expectSound = async (name: string) => {
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, name);
};

/** By the keyboard alone: the form opens with the focus in its name, and the next stop is the channel. */
const addPerson = async (name: string, channel: string) => {
  await button('Add person').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => focused('tagName'), within(10)).toBe('INPUT');
  await page.keyboard.type(name);
  await button(channel).focus();
  await page.keyboard.press('Space');
  await button('Add person').press('Enter');
  await page.getByTestId('person').filter({ hasText: channel }).waitFor(within(10));
};

test('people are added by the keyboard, with the channels that reach them', async () => {
  await signUp(page, stack.pharos.origin, 'grace@on-call.example.com');
  await post('/monitors', httpMonitor({ url: target.url, name: 'Lighthouse' }));
  for (const [name, { url }] of [['Pager of Ada', toAda] as const, ['Pager of Ben', toBen] as const])
    await post('/channels', { kind: 'webhook', name, settings: { url }, join: false });
  await page.goto(`${stack.pharos.origin}/alerts/on-call`);
  await page.getByText('First add people and their channels below').waitFor(within(10));
  await expectSound('on-call-empty');
  await addPerson('Ada', 'Pager of Ada');
  await expect.poll(() => focused('textContent'), within(10)).toBe('Add person');
  await addPerson('Ben', 'Pager of Ben');
});

test('a draft of a person outlives a reload, and is deleted once it is cancelled', async () => {
  await button('Edit Ben').click();
  await page.getByLabel('Name', { exact: true }).fill('Benjamin');
  await page.reload();
  await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue(), within(10)).toBe('Benjamin');
  await button('Cancel').click();
  await page.reload();
  await button('Edit Ben').waitFor(within(10));
  expect(await page.getByLabel('Name', { exact: true }).count()).toBe(0);
});

test('the form of a schedule says what is missing, and what gaps it leaves', async () => {
  await link('Set up on-call').click();
  await page.getByLabel('Name', { exact: true }).fill('Ops');
  await button('Create schedule').click();
  await page.locator('.field-error', { hasText: 'A rotation needs at least one person.' }).waitFor(within(10));
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  await button('Add Ben').press('Enter');
  await button('Add Ada').press('Enter');
  await expect.poll(() => coverage().textContent(), within(10)).toContain('days are fully covered');
  await button('Move Ada up').press('Enter');
  await expect.poll(() => page.getByTestId('turn').allInnerTexts(), within(10)).toEqual(['1. Ada', '2. Ben']);
  await page.getByRole('button', { name: /^Add hours/ }).click();
  await expect.poll(() => coverage().textContent(), within(10)).toMatch(/nobody is on call for .* first from/);
  await expectSound('on-call-form');
  await page.reload();
  await expect.poll(() => page.getByTestId('turn').allInnerTexts(), within(10)).toEqual(['1. Ada', '2. Ben']);
  await page.getByRole('button', { name: /^Remove entry 1/ }).press('Enter');
  expect(await focused('textContent')).toBe('Add hours');
  await button('Add layer').press('Enter');
  expect(await focused('value')).toBe('Layer 2');
  await button('Remove layer 2').press('Enter');
  expect(await focused('value')).toBe('Rotation');
});

test('the schedule says who is on call and who is next, and shows a gap as a gap', async () => {
  await button('Create schedule').click();
  await page.getByRole('heading', { name: 'Ops', level: 1 }).waitFor(within(10));
  await expect
    .poll(() => onCallNow().innerText(), within(10))
    .toMatch(/^Ada is on call until .+, .*09:00.*; then Ben\.\s+Times of Europe\/Berlin/);
  await page.getByTestId('shift').filter({ hasText: 'Ada', visible: true }).first().waitFor(within(10));
  await expectSound('on-call-schedule');
  await button('Previous month').click();
  await page.getByTestId('shift').filter({ hasText: 'Nobody', visible: true }).first().waitFor(within(10));
  await expectSound('on-call-gap');
});

test('somebody stands in from an hour ago, and the address of the calendar can be read without a session', async () => {
  await button('Add override').click();
  await page.getByLabel('Person on call').selectOption('Ben');
  await page.getByLabel('Until').fill('2020-01-01T00:00');
  await button('Add override').click();
  await page.locator('.field-error', { hasText: 'The end must be after the start.' }).waitFor(within(10));
  const wall = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 16);
  await page.getByLabel('From').fill(wall(-7_200_000));
  await page.getByLabel('Until').fill(wall(86_400_000));
  await expectSound('on-call-stand-in');
  await button('Add override').click();
  await onCallNow().filter({ hasText: 'Ben is on call until' }).waitFor(within(10));
  await page.getByTestId('override').waitFor(within(10));
  const address = await page.getByTestId('calendar-address').innerText();
  const calendar = await (await fetch(address)).text();
  expect(calendar).toContain('SUMMARY:Ben (Ops)');
  await page.getByTestId('override').getByRole('button').click();
  await page.getByRole('alertdialog').waitFor(within(10));
  await button('Cancel').click();
});

test('a step of the policy notifies the person on call, and an outage wakes only that person', async () => {
  await link('Alerts').click();
  await link('Escalation policies').click();
  await link('Edit Default').click();
  await button('Add step').click();
  await button('the person on call in Ops').click();
  await expectSound('on-call-policy');
  await button('Save policy').press('Enter');
  await page.getByText('Saved', { exact: true }).waitFor(within(10));
  expect(await focused('textContent')).toBe('Save policy');
  await link('Monitors').click();
  await page.getByTestId('monitor-row').getByRole('link').click();
  await target.answerError();
  await button('Check now').click();
  await page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(30));
  await page.getByRole('link', { name: 'Unexpected HTTP status 500' }).click();
  await page.getByTestId('incident-headline').waitFor(within(10));
  await page.getByTestId('delivery').filter({ hasText: 'Pager of Ben, for Ben, on call in Ops' }).waitFor(within(30));
  await expect.poll(() => toBen.of('down').length, within(30)).toBe(1);
  expect(toAda.received).toEqual([]);
});

test('somebody who takes turns is not deleted without a word', async () => {
  const { origin } = stack.pharos;
  const name = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
  const renamed = await page.request.patch(`${origin}/api/v1/escalation-policies/default`, {
    data: { name },
    headers: { origin },
  });
  expect(renamed.status()).toBe(200);
  await page.goto(`${origin}/alerts/on-call`);
  await page.getByTestId('schedule').waitFor(within(10));
  await expectSound('on-call');
  await button('Delete Ada').click();
  await button('Delete person').click();
  await page.getByText('Ada is in the rotation of “Ops”.').waitFor(within(10));
  await button('Cancel').click();
  await button('Delete Ops').click();
  await page.getByTestId('loss').filter({ hasText: 'that policy then notifies nobody' }).waitFor(within(10));
  await expectSound('on-call-delete');
});
