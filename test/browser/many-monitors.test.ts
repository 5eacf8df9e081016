import { beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { photograph, signUp, useStage, within } from './support/stack.ts';

const stage = useStage('many-monitors');

/** More than a page of the list holds; the oldest is down. */
const count = 103;
/** By when they are created; the third is on the second page, as it is paused and old. */
const names: Record<number, string> = { 1: 'Shop MÜNCHEN-Ost', 3: 'Weit hinten' };

beforeAll(async () => {
  const { page, stack, target } = stage();
  const { origin } = stack.pharos;
  await signUp(page, origin, 'many@many-monitors.example.com');
  const post = async (path: string, data: object) => {
    const response = await page.request.post(`${origin}/api/v1${path}`, { data, headers: { origin } });
    expect([path, response.status()]).toEqual([path, 201]);
    return (await response.json()) as { id: string };
  };
  const quiet = { intervalSeconds: 3600, regions: ['weur'] };
  await post('/monitors', httpMonitor({ ...quiet, url: 'http://127.0.0.1:9/', name: 'Alt und kaputt', tags: ['alt'] }));
  for (let i = 1; i < count; i++) {
    const { id } = await post('/monitors', httpMonitor({ ...quiet, url: target.url, name: names[i] ?? `Site ${i}` }));
    if (i > 2) await page.request.post(`${origin}/api/v1/monitors/${id}/pause`, { headers: { origin } });
  }
});

test('the list counts the whole team, shows the worst first and finds monitors that are on no loaded page', async () => {
  const { page, stack } = stage();
  const { origin } = stack.pharos;
  await page.goto(`${origin}/monitors`);
  const chip = (name: RegExp) => page.getByRole('button', { name });
  await chip(/^All 103$/).waitFor(within(20));
  await chip(/^Down 1$/).waitFor(within(60));
  const rows = page.getByTestId('monitor-row');
  await rows.first().getByText('Alt und kaputt').waitFor(within(20));
  await photograph(page, 'many-monitors');
  await chip(/^Down 1$/).click();
  await expect.poll(() => rows.count(), within(10)).toBe(1);
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByLabel('Search monitors').fill('ost münchen');
  await rows.first().getByText('Shop MÜNCHEN-Ost').waitFor(within(10));
  expect(await rows.count()).toBe(1);
  await page.getByText('1 of 103 monitors found').waitFor(within(10));
  await chip(/^All 1$/).waitFor(within(10));
  expect(await chip(/^Down/).count()).toBe(0);
  await page.getByLabel('Search monitors').fill('');
  await page.getByLabel('Filter by tag').selectOption('alt');
  await rows.first().getByText('Alt und kaputt').waitFor(within(10));
});

test('a status page names the monitors that it shows, whichever part of the list is loaded', async () => {
  const { page, stack } = stage();
  const { origin } = stack.pharos;
  await page.goto(`${origin}/status-pages/new`);
  await page.getByLabel('Name', { exact: true }).fill('Bäckerei');
  expect(await page.getByLabel('Address').inputValue()).toBe('baeckerei');
  await page.getByLabel('Search monitors to add').fill('hinten weit');
  await page.getByRole('button', { name: 'Add Weit hinten', exact: true }).click(within(10));
  await page.getByRole('button', { name: 'Create page' }).click();
  await page.getByTestId('status-page').getByRole('link', { name: 'Edit' }).click(within(10));
  const component = page.locator('.component-name');
  await component.getByText('Weit hinten').waitFor(within(10));
  expect(await component.allTextContents()).toEqual(['Weit hinten']);
  await photograph(page, 'status-page-edit');
});

test('a signed-in user is led on from the forms for signing in and up, and no page is wider than a small phone', async () => {
  const { page, stack } = stage();
  const { origin } = stack.pharos;
  for (const path of ['/sign-up', '/sign-in']) {
    await page.goto(origin + path);
    await page.waitForURL(`${origin}/monitors`, within(10));
  }
  await page.setViewportSize({ width: 320, height: 640 });
  const rows = page.getByTestId('monitor-row');
  await rows.first().waitFor(within(10));
  const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(await overflow()).toBe(0);
  await rows.first().getByRole('link').first().click();
  await page.getByTestId('headline').waitFor(within(10));
  await page.getByRole('heading', { name: 'Latest checks' }).waitFor(within(10));
  expect(await overflow()).toBe(0);
});

test('a paused monitor shows no region as waiting, and keeps its earlier answers', async () => {
  const { page, stack } = stage();
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${stack.pharos.origin}/monitors?search=alt+kaputt`);
  await page.getByTestId('monitor-row').getByRole('link', { name: 'Alt und kaputt' }).click(within(10));
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('The results have arrived.').waitFor(within(20));
  await page.getByRole('button', { name: 'Pause' }).click();
  const region = page.getByTestId('region-weur');
  await region.getByText('Paused').waitFor(within(10));
  await region.getByText('Before the pause').waitFor(within(10));
  expect(await region.textContent()).not.toContain('Waiting');
  await page.getByTestId('incident').getByText('monitor paused').waitFor(within(10));
  await photograph(page, 'monitor-paused');
  await page.getByTestId('incident').locator('.incident-link').click();
  await page.getByText('The monitor is paused:').waitFor(within(10));
  await page.getByText('Alert without recipients: the monitor is down').waitFor(within(10));
  await photograph(page, 'incident-paused');
  await page.goto(`${stack.pharos.origin}/alerts/policy`);
  await page.getByRole('link', { name: 'Edit' }).first().click(within(10));
  await page.getByText('Fails in some regions').first().waitFor(within(10));
  expect(await page.getByText('Expires soon').count()).toBe(0);
});
