import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, type Stage, signUp, useStage, within } from './support/stack.ts';

/** A region that fails alone, then an outage, then its end; and on the screen, why each verdict is what it is. */

const stage = useStage('verdicts');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let complaints: string[];
let monitorId: string;
let brokenAt: number;

beforeAll(() => {
  ({ stack, target, page, complaints } = stage());
});

const headline = (word: string) => page.locator('.verdict.large', { hasText: word });
const regional = () => page.getByTestId('regional-problem');
const sentence = () => page.getByTestId('why').locator('.why-sentence');
const change = (verdict: string) => page.locator(`[data-testid=verdict-change][data-verdict=${verdict}]`);
const voteOf = (region: string) => page.locator(`[data-testid=vote][data-region=${region}]:visible`);
const get = async <T>(path: string) => {
  const response = await page.request.get(`${stack.pharos.origin}/api/v1${path}`);
  expect(response.status()).toBe(200);
  return ((await response.json()) as { data: T[] }).data;
};
const openMonitor = () => page.goto(`${stack.pharos.origin}/monitors/${monitorId}`);
const openDetails = () => page.getByTestId('why').locator('summary').click();

test('a monitor that is up says why', async () => {
  await signUp(page, stack.pharos.origin, 'ada@verdicts.example.com');
  const response = await page.request.post(`${stack.pharos.origin}/api/v1/monitors`, {
    data: httpMonitor({ url: target.url, name: 'The lighthouse', intervalSeconds: 10 }),
    headers: { origin: stack.pharos.origin },
  });
  ({ id: monitorId } = (await response.json()) as { id: string });
  await openMonitor();
  await headline('Up').waitFor(within(15));
  await sentence().filter({ hasText: 'Up, because' }).waitFor();
  const heard = async () =>
    new Set((await get<{ region: string }>(`/monitors/${monitorId}/ticks`)).map((t) => t.region)).size;
  await expect.poll(heard).toBe(3);
});

test('a region that fails alone is shown as a regional problem, and the monitor stays up', async () => {
  stack.pharos.breakRegions(['apac']);
  brokenAt = Date.now();
  await regional().filter({ hasText: 'Regional problem: Asia-Pacific fails, 2 others pass' }).waitFor(within(40));
  await sentence().filter({ hasText: 'Up, although Asia-Pacific fails (unreachable)' }).waitFor();
  expect(await headline('Up').count()).toBe(1);
  await openDetails();
  await voteOf('apac')
    .filter({ hasText: /Down\s*The host could not be reached/ })
    .waitFor();
  await voteOf('weur')
    .filter({ hasText: /Up\s*Responded as expected/ })
    .waitFor();
  await page.getByText('a majority of the regions: of 3 votes, 2 failing means down').waitFor();
  await photograph(page, 'regional-problem');
  expect(await faultsOf(page)).toEqual([]);
});

test('the list shows it as a badge of its own, and finds it', async () => {
  await page.getByRole('link', { name: 'All monitors' }).click();
  const row = page.getByTestId('monitor-row');
  await row.getByTestId('condition').filter({ hasText: 'Regional problem' }).waitFor();
  await page.getByRole('button', { name: 'Regional problem 1' }).click();
  await row.filter({ hasText: 'The lighthouse' }).waitFor();
  expect(page.url()).toContain('condition=regional');
  await photograph(page, 'list-regional-problem');
  expect(await faultsOf(page)).toEqual([]);
});

test('however long it lasts, it is no outage: nothing is opened and nothing decided', async () => {
  await page.waitForTimeout(Math.max(0, brokenAt + 40_000 - Date.now()));
  await openMonitor();
  await regional().waitFor();
  expect(await headline('Up').count()).toBe(1);
  await page.getByText('No incidents so far.').waitFor();
  const ticks = await get<{ region: string; reason: string }>(`/monitors/${monitorId}/ticks`);
  expect(ticks.filter(({ region, reason }) => region === 'apac' && reason === 'unreachable').length).toBeGreaterThan(3);
  expect(await get('/incidents')).toEqual([]);
  const verdicts = await get<{ verdict: string }>(`/monitors/${monitorId}/verdicts`);
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['up', 'unknown']);
});

test('when it fails for all, an incident opens with all that was seen', async () => {
  const failedAt = Date.now();
  target.answerError();
  await headline('Down').waitFor(within(60));
  await page.locator('[data-testid=incident][data-state=open]').waitFor();
  console.log(`down for all: told and shown after ${((Date.now() - failedAt) / 1000).toFixed(1)} s`);
  await regional().waitFor({ state: 'detached' });
  await sentence()
    .filter({ hasText: /^Down, because [23] of 3 regions failed twice in a row/ })
    .waitFor();
  await openDetails();
  await voteOf('enam').or(voteOf('weur')).filter({ hasText: 'Unexpected HTTP status 500' }).first().waitFor();
  await photograph(page, 'why-down');
  await page.getByTestId('incident').getByRole('link').click();
  await page.locator('[data-kind=confirmed]').waitFor();
  const events = page.getByTestId('event');
  // Two make the quorum; the third adds what it sees as soon as it has failed twice.
  await page.locator('[data-kind=evidence]').nth(2).waitFor(within(40));
  const kinds = await events.evaluateAll((found) => found.map((event) => event.getAttribute('data-kind')));
  expect(kinds.slice(0, 3)).toEqual(['failed', 'evidence', 'evidence']);
  expect(kinds.filter((kind) => kind === 'evidence')).toHaveLength(3);
  await events.filter({ hasText: 'Unexpected HTTP status 500' }).first().waitFor();
});

test('the incident shows why it was opened', async () => {
  const opened = page.getByTestId('decision').filter({ hasText: 'Opened' });
  await opened.filter({ hasText: /Down, because [23] of 3 regions failed/ }).waitFor();
  await opened.locator('summary').click();
  await voteOf('apac').filter({ hasText: 'The host could not be reached' }).waitFor();
  await photograph(page, 'incident-why');
  expect(await faultsOf(page)).toEqual([]);
});

test('after the recovery, what was decided before can still be taken apart', async () => {
  stack.pharos.breakRegions([]);
  await target.mend();
  await page
    .getByTestId('decision')
    .filter({ hasText: 'Recovered' })
    .filter({ hasText: /Up, (because|although)/ })
    .waitFor(within(60));
  await openMonitor();
  await headline('Up').waitFor();
  await change('up')
    .first()
    .filter({ hasText: /Up, (because|although)/ })
    .waitFor();
  await change('down').locator('summary').click();
  await voteOf('apac').filter({ hasText: 'The host could not be reached' }).waitFor();
  await photograph(page, 'past-verdict');
  expect(await faultsOf(page)).toEqual([]);
  await change('down').getByRole('link', { name: 'Incident at that time' }).click();
  await page.locator('[data-testid=incident-headline][data-state=resolved]').waitFor();
});

test('when Pharos itself has stopped, every page says so', async () => {
  const stalledSince = new Date(Date.now() - 600_000).toISOString();
  await page.route('**/api/v1/regions', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), stalledSince } });
  });
  await page.goto(`${stack.pharos.origin}/settings`);
  await page.getByRole('status').filter({ hasText: 'Pharos has run no checks since' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('a new installation says until when its checks start', async () => {
  const startsBy = new Date(Date.now() + 600_000).toISOString();
  await page.unroute('**/api/v1/regions');
  await page.route('**/api/v1/regions', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), startsBy } });
  });
  await page.goto(`${stack.pharos.origin}/settings`);
  await page.getByRole('status').filter({ hasText: 'has not started its checks yet' }).waitFor();
  expect(await page.getByText('Pharos has run no checks since').count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
});

test('the browser had nothing to complain about', () => {
  expect(complaints.filter((text) => !/status of 401|\/live' failed/.test(text))).toEqual([]);
});
