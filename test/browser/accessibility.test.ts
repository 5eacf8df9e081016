import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { faultsOf } from './support/faults.ts';
import { type Stage, useStage, within } from './support/stack.ts';

/** Every main screen, with names that are as long as the API allows. */
const longName = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const longTag = 'a-tag-of-thirty-two-characters-x';

const stage = useStage('accessibility');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let monitorId: string;

beforeAll(() => {
  ({ stack, target, page } = stage());
});

const faults = () => faultsOf(page);

/** Asks the API in the name of the person who is signed in. */
const post = async (path: string, data: unknown): Promise<{ id: string }> => {
  const response = await page.request.post(`${stack.pharos.origin}/api/v1${path}`, {
    data,
    headers: { origin: stack.pharos.origin },
  });
  expect(response.status()).toBe(201);
  return response.json();
};

const open = async (path: string, heading: string | RegExp) => {
  await page.goto(stack.pharos.origin + path);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor(within(10));
};

test('where sign-up is closed, a message with the way to sign-in stands in place of the form', async () => {
  await page.route('**/api/v1/auth/signup', (route) => route.fulfill({ json: { signUp: 'closed' } }));
  await open('/sign-up?next=/incidents', 'Sign-up is closed');
  expect(await page.locator('form').count()).toBe(0);
  expect(await faults()).toEqual([]);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.waitForURL('**/sign-in?next=%2Fincidents');
  await page.unroute('**/api/v1/auth/signup');
});

test('signing in and signing up, also with a complaint at each field', async () => {
  await open('/sign-in', 'Sign in');
  expect(await faults()).toEqual([]);
  await open('/sign-up', /Watch|account|Sign up|Create/i);
  await page.getByRole('button', { name: /sign up|create/i }).click();
  await page.locator('.field-error').first().waitFor();
  expect(await faults()).toEqual([]);
});

test('the empty dashboard, also with a complaint', async () => {
  await page.getByLabel('E-mail').fill('grace@accessibility.example.com');
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: /sign up|create/i }).click();
  await page.getByLabel('Address to monitor').fill('javascript:alert(1)');
  await page.getByRole('button', { name: 'Create monitor' }).click();
  await page.locator('.field-error').waitFor();
  expect(await faults()).toEqual([]);
});

test('the list of monitors that are up, down and paused', async () => {
  const tags = [longTag, 'prod', 'europe', 'checkout'];
  const down = httpMonitor({ url: 'http://127.0.0.1:9/', name: longName, tags });
  monitorId = (await post('/monitors', down)).id;
  await post('/monitors', httpMonitor({ url: target.url, name: 'Lighthouse' }));
  const { id } = await post('/monitors', httpMonitor({ url: `${target.url}paused`, name: 'Fog horn' }));
  const paused = await page.request.post(`${stack.pharos.origin}/api/v1/monitors/${id}/pause`, {
    headers: { origin: stack.pharos.origin },
  });
  expect(paused.ok()).toBe(true);
  await open('/monitors', 'Monitors');
  const row = (verdict: string) =>
    page.getByTestId('monitor-row').filter({ has: page.getByText(verdict, { exact: true }) });
  await row('Down').waitFor(within(20));
  await row('Up').waitFor(within(20));
  expect((await row('Down').getByText('127.0.0.1:9').boundingBox())?.width).toBeGreaterThan(40);
  expect(await faults()).toEqual([]);
});

test('a monitor with its chart, its table and the question before it is deleted', async () => {
  await open(`/monitors/${monitorId}`, longName);
  await page.locator('.uplot').waitFor();
  await page.getByText('Chart data as a table').click();
  expect(await faults()).toEqual([]);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').waitFor();
  expect(await faults()).toEqual([]);
});

test('the form of a monitor with everything open', async () => {
  await open(`/monitors/${monitorId}/edit`, 'Edit monitor');
  await page.locator('summary').first().click();
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByLabel('Address to monitor').fill('https://user:secret@example.com');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.locator('.field-error').first().waitFor();
  expect(await faults()).toEqual([]);
});

test('an incident with its timeline, its editor, its preview and the question before it is resolved', async () => {
  await open('/incidents', 'Incidents');
  await page.getByRole('link', { name: 'Connection refused' }).first().click();
  await page.getByTestId('event').first().waitFor();
  await page.getByText('No alerts configured: the team has no channel.').waitFor();
  await page.getByLabel('Comment').fill('x'.repeat(4_001));
  await page.getByRole('button', { name: 'Add comment' }).click();
  await page.locator('.field-error').waitFor();
  await page.getByLabel('Comment').fill('looking-into-it-'.repeat(20));
  await page.getByRole('button', { name: 'Add comment' }).click();
  await page.locator('[data-kind=comment]').waitFor();
  await page.getByRole('button', { name: 'Write' }).click();
  await page
    .getByRole('textbox', { name: /^Post-mortem/ })
    .fill('## Why\n\n- `code`\n\n> quote [link](https://example.com)');
  expect(await faults()).toEqual([]);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('heading', { name: 'Why', exact: true }).waitFor();
  expect(await faults()).toEqual([]);
  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await page.getByRole('alertdialog').waitFor();
  expect(await faults()).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('a time is reclassified, with complaints, and the audit trail shows it', async () => {
  await open(`/monitors/${monitorId}/reclassify`, /^Reclassify a period/);
  await page.getByRole('button', { name: 'Reclassify' }).click();
  await page.locator('.field-error').first().waitFor();
  expect(await faults()).toEqual([]);
  const { data } = (await (
    await page.request.get(`${stack.pharos.origin}/api/v1/incidents?monitorId=${monitorId}`)
  ).json()) as { data: { startedAt: string }[] };
  const span = { from: data[0]?.startedAt, to: new Date().toISOString() };
  await post(`/monitors/${monitorId}/reclassifications`, { ...span, as: 'maintenance', reason: 'moved-'.repeat(80) });
  await open(`/monitors/${monitorId}`, longName);
  await page.getByTestId('reclassification').waitFor();
  await page.getByTestId('history-span').first().waitFor();
  expect(await faults()).toEqual([]);
  await open(`/settings/audit?monitorId=${monitorId}`, 'Audit trail');
  await page.getByTestId('audit-entry').first().waitFor();
  expect(await faults()).toEqual([]);
});

test('incidents and settings', async () => {
  await open('/incidents', 'Incidents');
  await page.getByTestId('incident').first().waitFor();
  expect(await faults()).toEqual([]);
  await open('/settings', 'Settings');
  await page.getByText('grace@accessibility.example.com').waitFor();
  expect(await faults()).toEqual([]);
});

test('the editor of status pages, their list, and what visitors see', async () => {
  await open('/status-pages/new', 'New status page');
  await page.getByRole('button', { name: longName }).waitFor();
  expect(await faults()).toEqual([]);
  await post('/status-pages', { slug: 'long-keepers', name: longName, monitorIds: [monitorId] });
  await open('/status-pages', 'Status pages');
  await page.getByText(longName).first().waitFor();
  expect(await faults()).toEqual([]);
  await open('/status/long-keepers', longName);
  expect(await faults()).toEqual([]);
});
