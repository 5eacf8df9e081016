import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { openPage, type Stage, useStage, within } from './support/stack.ts';

/** An ordinary day: no mouse at hand, two windows, a session that runs out, a connection that breaks. */

const budgetBytes = 90 * 1024;

const stage = useStage('everyday');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;

beforeAll(() => {
  ({ stack, target, page } = stage());
});

/** The element that has the focus, as a screen reader would call it. */
const focused = () =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    return (element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || '').trim();
  })()`) as Promise<string>;

const focusIsVisible = () =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const ringed = (pseudo) => parseFloat(getComputedStyle(element, pseudo).outlineWidth) >= 2 &&
      getComputedStyle(element, pseudo).outlineStyle !== 'none';
    return ringed(null) || ringed('::after');
  })()`) as Promise<boolean>;

/** Presses Tab until the focus is where the name says; every stop on the way has to be visible. */
const tabTo = async (name: RegExp) => {
  const seen: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const stop = await focused();
    if (await page.evaluate('document.activeElement === document.body')) continue;
    expect(await focusIsVisible(), `the focus on "${stop}" is visible`).toBe(true);
    if (name.test(stop)) return;
    seen.push(stop);
  }
  throw new Error(`Tab never came to ${name}, but to: ${seen.join(' | ')}`);
};

const addMonitor = async (name: string) => {
  const response = await page.request.post(`${stack.pharos.origin}/api/v1/monitors`, {
    data: httpMonitor({ url: target.url, name }),
    headers: { origin: stack.pharos.origin },
  });
  return `${stack.pharos.origin}/monitors/${((await response.json()) as { id: string }).id}`;
};

/** Opens a monitor and waits until its first results have arrived, which ask for it again. */
const openSettled = async (address: string) => {
  await page.goto(address);
  await page.getByTestId('live-state').filter({ hasText: 'Live' }).waitFor();
  await page.getByTestId('headline').getByText('Up', { exact: true }).waitFor();
  await page.getByTestId('check-row').nth(2).waitFor();
};

test('without a mouse, a person signs up, adds a monitor, changes it and deletes it', async () => {
  await page.goto(`${stack.pharos.origin}/sign-up`);
  await page.getByLabel('E-mail').waitFor();
  expect(await focused()).toBe('E-mail');
  await page.keyboard.type('ada@everyday.example.com');
  await tabTo(/^Password$/);
  await page.keyboard.type('a lighthouse by the sea');
  await page.keyboard.press('Enter');
  await page.getByLabel('Address to monitor').waitFor();
  await tabTo(/^Address to monitor$/);
  await page.keyboard.type(target.url);
  await page.keyboard.press('Enter');
  await page.getByTestId('headline').waitFor();
  await tabTo(/^Edit$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Edit monitor' }).waitFor();
  await page.getByLabel('Name').waitFor();
  await tabTo(/^Name/);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('The lighthouse');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The lighthouse' }).waitFor();
  await tabTo(/^Delete$/);
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await expect.poll(focused).toBe('Delete');
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor();
  await tabTo(/^Delete monitor$/);
  await page.keyboard.press('Tab');
  await expect.poll(focused).toBe('Cancel');
  await tabTo(/^Delete monitor$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Monitor your first site' }).waitFor();
});

test('the first stop of a page leads past the navigation', async () => {
  await page.goto(`${stack.pharos.origin}/settings`);
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to content');
  await page.keyboard.press('Enter');
  await tabTo(/^Sign out$/);
});

test('a person sees where they are signed in, and signs another browser out', async () => {
  const other = await openPage(stack.browser);
  await other.page.goto(`${stack.pharos.origin}/sign-in`);
  await other.page.getByLabel('E-mail').fill('ada@everyday.example.com');
  await other.page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await other.page.getByRole('button', { name: 'Sign in' }).click();
  await other.page.getByRole('heading', { name: 'Monitors' }).waitFor(within(5));
  await page.goto(`${stack.pharos.origin}/settings`);
  const sessions = page.getByTestId('session');
  await sessions.nth(1).waitFor(within(5));
  expect(await sessions.filter({ hasText: 'This session' }).count()).toBe(1);
  await page.getByRole('button', { name: /^Sign out (Chrome|Firefox) on / }).click();
  await page.getByText(/ was signed out\.$/).waitFor(within(5));
  await expect.poll(() => sessions.count()).toBe(1);
  expect(await page.getByRole('button', { name: 'Sign out all other sessions' }).count()).toBe(0);
  await other.page.reload();
  await other.page.getByRole('button', { name: 'Sign in' }).waitFor(within(10));
});

test('the keyboard stays where it is while the page learns of something new', async () => {
  const address = await addMonitor('The old name');
  await openSettled(address);
  // Shown from the cache, and then asked for again.
  await page.getByRole('link', { name: 'All monitors' }).click();
  await page.getByRole('link', { name: 'The old name' }).click();
  await page.getByTestId('check-row').nth(2).waitFor();
  await page.getByRole('link', { name: 'Edit' }).focus();
  await page.request.patch(address.replace('/monitors', '/api/v1/monitors'), {
    data: { name: 'The new name' },
    headers: { origin: stack.pharos.origin },
  });
  await page.getByRole('heading', { name: 'The new name' }).waitFor();
  await page.waitForLoadState('networkidle');
  expect(await focused()).toBe('Edit');
  await page.request.delete(address.replace('/monitors', '/api/v1/monitors'), {
    headers: { origin: stack.pharos.origin },
  });
  await page.getByText('No such monitor exists.').first().waitFor();
});

test('a monitor that somebody else deletes is shown as deleted without a reload', async () => {
  const address = await addMonitor('The fog horn');
  await openSettled(address);
  await page.request.delete(address.replace('/monitors', '/api/v1/monitors'), {
    headers: { origin: stack.pharos.origin },
  });
  // Each part of the page says so for a moment, then the page as a whole.
  await page.getByText('No such monitor exists.').first().waitFor();
  await page.getByTestId('headline').waitFor({ state: 'detached' });
});

test('deleting what is deleted already, as after an answer that was lost, leads back to the list', async () => {
  await openSettled(await addMonitor('The bell'));
  await page.route('**/api/v1/monitors/*', async (route) => {
    if (route.request().method() === 'DELETE') await route.fetch();
    await route.continue();
  });
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete monitor' }).click();
  await page.getByRole('heading', { name: 'Monitor your first site' }).waitFor();
  await page.unroute('**/api/v1/monitors/*');
});

test('the form of one monitor is not that of another, and a user who leaves it while saving is not called back', async () => {
  const [one, other] = [await addMonitor('The lens'), await addMonitor('The stairs')];
  const goTo = (address: string) =>
    page.evaluate(`history.pushState({}, '', '${address}'); dispatchEvent(new PopStateEvent('popstate'))`);
  const name = page.getByLabel('Name (optional)');
  await page.goto(`${one}/edit`);
  await expect.poll(() => name.inputValue()).toBe('The lens');
  await name.fill('The lamp');
  await goTo(`${other}/edit`);
  await expect.poll(() => name.inputValue()).toBe('The stairs');
  const gate = Promise.withResolvers<void>();
  await page.route('**/api/v1/monitors/*', async (route) => {
    if (route.request().method() === 'PATCH') await gate.promise;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('link', { name: 'Incidents' }).click();
  await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  gate.resolve();
  await (await saved).finished();
  await page.unroute('**/api/v1/monitors/*');
  // One trip to the API: every effect of the answer has begun by then.
  await page.evaluate(`fetch('/api/v1/me')`);
  expect(page.url()).toMatch(/\/incidents$/);
});

test('an expired session is renewed unnoticed, and a deleted one leads back to the page', async () => {
  const address = await addMonitor('The buoy');
  await page.context().clearCookies({ name: /pharos_session$/ });
  await openSettled(address);
  await page.context().clearCookies();
  // Without waiting: what the page asks by itself may be quicker than the press, and leads to the same place.
  await page.evaluate(
    `[...document.querySelectorAll('button')].find(({ innerText }) => innerText === 'Pause')?.click()`,
  );
  await page.getByLabel('E-mail').fill('ADA@everyday.example.com');
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'The buoy' }).waitFor();
  expect(page.url()).toBe(address);
});

test('a part of the dashboard that does not load says so, and loads when asked for again', async () => {
  await page.getByTestId('live-state').filter({ hasText: 'Live' }).waitFor();
  await page.route(/\/api\/v1\/|\/assets\//, (route) => route.abort());
  await page.getByRole('link', { name: 'Incidents' }).click();
  await page.getByText('The page could not be loaded').waitFor();
  await page.unroute(/\/api\/v1\/|\/assets\//);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  await page.getByTestId('live-state').filter({ hasText: 'Live' }).waitFor();
});

test('the scripts that load before the list of monitors shows are at most 90 KB, gzipped', async () => {
  // A visitor of its own, who has nothing in the cache.
  const { page } = await openPage(stack.browser);
  const api = (path: string, data: unknown) =>
    page.request.post(`${stack.pharos.origin}/api/v1${path}`, { data, headers: { origin: stack.pharos.origin } });
  await api('/auth/signup', { email: 'grace@everyday.example.com', password: 'a lighthouse by the sea' });
  await api('/monitors', httpMonitor({ url: 'http://127.0.0.1:9/', name: 'The lighthouse' }));
  const scripts: Promise<[name: string, bytes: number]>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    const name = new URL(response.url()).pathname;
    scripts.push(response.body().then((body) => [name, gzipSync(body).length]));
  });
  await page.goto(`${stack.pharos.origin}/monitors`);
  await page.getByTestId('monitor-row').filter({ hasText: 'The lighthouse' }).waitFor(within(10));
  await page.waitForLoadState('networkidle');
  const loaded = await Promise.all(scripts);
  const bytes = loaded.reduce((sum, [, each]) => sum + each, 0);
  console.log(
    `initial JavaScript: ${bytes} bytes gzipped\n${loaded.map(([name, each]) => `${each} ${name}`).join('\n')}`,
  );
  expect(loaded.map(([name]) => name).some((name) => name.includes('index'))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(budgetBytes);
});
