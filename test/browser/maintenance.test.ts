import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, type Stage, useStage, within } from './support/stack.ts';

/** A maintenance window from its plan to its end, as a keeper of a lighthouse sees it. */
const stage = useStage('maintenance');
let stack: Stage['stack'];
let page: Page;
let complaints: string[];
let monitorId: string;

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

beforeAll(async () => {
  ({ stack, page, complaints } = stage());
  await post('/auth/signup', {
    email: 'ada@maintenance.example.com',
    password: 'a lighthouse by the sea',
    timeZone: 'Europe/Berlin',
  });
  const quiet = { intervalSeconds: 3600, regions: ['weur'], url: 'http://127.0.0.1:9/' };
  ({ id: monitorId } = await post('/monitors', httpMonitor({ ...quiet, name: 'The lighthouse', tags: ['sea'] })));
  await post('/monitors', httpMonitor({ ...quiet, name: 'The harbour' }));
  await post('/status-pages', { slug: 'maintainers', name: 'Keepers', monitorIds: [monitorId] });
});

test('the empty page teaches, and the form complains where something is wrong', async () => {
  await open('/maintenance', 'Maintenance');
  await page.getByRole('heading', { name: 'No maintenance planned' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'maintenance-empty');
  await page.getByRole('link', { name: 'Plan maintenance' }).click();
  await page.getByRole('heading', { name: 'Plan maintenance', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Plan maintenance' }).click();
  await page.getByText('Enter a title for the window.').waitFor();
  await page.getByText('Choose monitors, tags, or all monitors.').waitFor();
  expect(await page.evaluate('document.activeElement?.getAttribute("placeholder")')).toBe('Deploy database');
  await page.getByLabel('Ends').fill('2026-01-01T00:00');
  await page.getByText('The window ends before it starts.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.reload();
  await page.getByText('Your unsaved draft was restored.').waitFor(within(10));
  expect(await page.getByLabel('Ends').inputValue()).toBe('2026-01-01T00:00');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Plan maintenance' }).click();
  await expect.poll(() => page.getByLabel('Ends').inputValue(), within(10)).not.toBe('2026-01-01T00:00');
});

test('a weekly window is planned with a preview, and stands in the list, the calendar and on the status page', async () => {
  await open('/maintenance/new', 'Plan maintenance');
  await page.getByLabel('Title').fill('Deploy <script>alert(1)</script>');
  const start = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Starts').fill(`${start}T02:00`);
  await page.getByLabel('Ends').fill(`${start}T04:00`);
  await page.getByLabel('Repeats').selectOption({ label: 'Custom rule (RRULE)' });
  await page.getByLabel('Rule').fill('FREQ=SECONDLY');
  await page.getByText('A window cannot repeat more often than daily.').waitFor();
  await photograph(page, 'maintenance-form-refused');
  await page.getByLabel('Repeats').selectOption({ label: 'Weekly, on chosen days' });
  const times = page.getByRole('region', { name: 'Next occurrences' }).getByRole('listitem');
  await times.nth(4).waitFor();
  expect(await times.first().textContent()).toMatch(/0?2:00.*0?4:00/);
  await page.getByRole('button', { name: 'Tag sea' }).click();
  await page.getByLabel('The harbour').check();
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'maintenance-form');
  await page.getByRole('button', { name: 'Plan maintenance' }).click();
  const card = page.getByTestId('maintenance-window');
  await card.getByText('every week', { exact: false }).waitFor();
  expect(await card.textContent()).toContain('1 monitor, tag sea');
  await page.locator('.occurrence').first().waitFor({ state: 'attached' });
  await open('/status/maintainers', 'Keepers');
  const section = page.getByRole('region', { name: 'Scheduled maintenance' });
  expect(await section.textContent()).toContain('Deploy <script>alert(1)</script>');
  expect(await faultsOf(page)).toEqual([]);
});

test('the next time of a window is skipped, and the skip undone', async () => {
  await open('/maintenance', 'Maintenance');
  const card = page.getByTestId('maintenance-window');
  const next = card.locator('.maintenance-what > p > time');
  const planned = await next.getAttribute('datetime');
  await card.getByRole('button', { name: /^Skip next: Deploy/ }).press('Enter');
  await card.getByTestId('skipped').waitFor();
  await expect.poll(() => next.getAttribute('datetime')).not.toBe(planned);
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'maintenance-skipped');
  await card.getByRole('button', { name: /^Undo: Deploy/ }).press('Enter');
  await card.getByTestId('skipped').waitFor({ state: 'detached' });
  await expect.poll(() => next.getAttribute('datetime')).toBe(planned);
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Skip next');
});

test('an hour of maintenance begins and ends on the page of a monitor', async () => {
  await open(`/monitors/${monitorId}`, 'The lighthouse');
  await page.getByRole('button', { name: 'Start maintenance for 1 hour' }).click();
  await page.getByText(/In maintenance until/).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'maintenance-monitor');
  await open('/monitors', 'Monitors');
  await page.getByTestId('monitor-row').filter({ hasText: 'The lighthouse' }).getByText('In maintenance').waitFor();
  await page.getByRole('button', { name: /^Maintenance 1/ }).click();
  await expect.poll(() => page.getByTestId('monitor-row').count()).toBe(1);
  await photograph(page, 'maintenance-monitors');
  // Under another address, because the browser still has the page of a moment ago.
  await open('/status/maintainers?again', 'Keepers');
  await page.getByText('Scheduled maintenance', { exact: true }).first().waitFor();
  await page.getByText(/Under maintenance until/).waitFor();
  await photograph(page, 'maintenance-status-page');
  await open('/maintenance', 'Maintenance');
  await page.getByText(/Running, ends in/).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'maintenance');
  await page.getByRole('button', { name: 'End now: Maintenance' }).click();
  await expect.poll(() => page.getByTestId('maintenance-window').count()).toBe(1);
});

test('a window is edited, and deleted after a question that explains the effect on the past', async () => {
  await page.getByRole('link', { name: /^Edit Deploy/ }).click();
  await page.getByRole('heading', { name: 'Edit maintenance' }).waitFor();
  expect(await page.getByLabel('Repeats').inputValue()).toBe('weekly');
  await page.getByLabel('Title').fill('Deploy database');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('link', { name: 'Edit Deploy database' }).click();
  await page.getByRole('heading', { name: 'Edit maintenance' }).waitFor();
  expect(await page.getByLabel('Title').inputValue()).toBe('Deploy database');
  await page.getByLabel('Title').fill('Deploy the database');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('link', { name: 'Edit Deploy the database' }).waitFor(within(10));
  await page.getByRole('button', { name: 'Delete Deploy the database' }).click();
  await page.getByText(/Past occurrences still count/).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Delete window' }).click();
  await page.getByRole('heading', { name: 'No maintenance planned' }).waitFor();
});

test('the time zone of the team is chosen in the settings', async () => {
  await open('/settings', 'Settings');
  const zone = page.getByLabel('Time zone', { exact: true });
  await expect.poll(() => zone.inputValue()).toBe('Europe/Berlin');
  await zone.selectOption('Asia/Tokyo');
  await page.getByText('Saved: Asia/Tokyo.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'maintenance-settings');
  expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
});
