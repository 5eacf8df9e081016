import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { isFirefox, openPage, photograph, type Stage, signUp, useStage, widthOverflow } from './support/stack.ts';

/** Differences between browsers and windows: widths, fields for dates, focus, cookies, old versions. Also in Firefox. */

const stage = useStage('browsers');
let stack: Stage['stack'];
let page: Page;
let origin: string;
let monitorId: string;

const at = (path: string) => `${origin}${path}`;

beforeAll(async () => {
  ({ stack, page } = stage());
  ({ origin } = stack.pharos);
  await signUp(page, origin, 'ada@browsers.example.com');
  const created = await page.request.post(at('/api/v1/monitors'), {
    data: httpMonitor({ url: stage().target.url, name: 'The lighthouse of Alexandria on the island of Pharos' }),
    headers: { origin },
  });
  ({ id: monitorId } = (await created.json()) as { id: string });
});

/** Links of the navigation and the live state that are not wholly inside the window, or that cover one another. */
const misplaced = () =>
  page.evaluate(`(() => {
    const parts = [...document.querySelectorAll('.brand, .place, .live')];
    const boxes = parts.map((part) => ({ text: part.textContent, ...part.getBoundingClientRect().toJSON() }));
    const outside = boxes.filter(({ left, right }) => left < -1 || right > document.documentElement.clientWidth + 1);
    const cut = parts.filter((part) => part.scrollWidth > part.clientWidth + 1);
    const covered = boxes.filter((a) => boxes.some((b) => a !== b && a.left < b.right - 1 && b.left < a.right - 1
      && a.top < b.bottom - 1 && b.top < a.bottom - 1));
    return [
      ...outside.map(({ text, left, right }) => text + ' from ' + left + ' to ' + right),
      ...covered.map(({ text }) => text + ' is covered'),
      ...cut.map((part) => part.textContent + ' is cut'),
    ];
  })()`) as Promise<string[]>;

/** The element that reaches furthest to the right, for the message. */
const widest = () =>
  page.evaluate(`(() => {
    const reach = (element) => element.getBoundingClientRect().right;
    const [first] = [...document.querySelectorAll('#content *:not(.scroll-x *)')].sort((a, b) => reach(b) - reach(a));
    return first?.outerHTML.slice(0, 120);
  })()`) as Promise<string>;

const widths = [320, 360, 390, 480, 600, 719, 720, 768, 820, 863, 864, 920, 1024, 1055, 1056, 1120, 1280, 1600, 1920];

test.each([
  ['/monitors', /monitors/i],
  ['/monitors/:id', /lighthouse/],
  ['/incidents', 'Incidents'],
  ['/alerts', /channel/i],
  ['/alerts/on-call', /call|alert/i],
  ['/maintenance/new', /maintenance|window/i],
  ['/settings', 'Settings'],
])('%s fits into every width from 320 to 1,920', async (path, heading) => {
  await page.goto(at(path.replace(':id', monitorId)));
  await page.getByRole('heading', { name: heading }).first().waitFor();
  await page.getByTestId('live-state').filter({ hasText: 'Live' }).waitFor();
  await page.waitForLoadState('networkidle');
  const faults: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await widthOverflow(page);
    if (overflow > 0) faults.push(`${width}: ${overflow} px too wide: ${await widest()}`);
    for (const text of await misplaced()) faults.push(`${width}: ${text}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await photograph(page, `browsers${path.replaceAll(/[/:]/g, '-')}`);
  expect(faults).toEqual([]);
});

test('clearing one part of a date leaves the others, and the end keeps its distance from the start', async () => {
  await page.goto(at('/maintenance/new'));
  const [starts, ends] = [page.getByLabel('Starts'), page.getByLabel('Ends')];
  await starts.fill('2027-03-05T02:00');
  await ends.fill('2027-03-05T05:30');
  await starts.focus();
  await page.keyboard.press('Backspace');
  await expect.poll(() => starts.inputValue()).toBe('');
  expect(await ends.inputValue()).toBe('2027-03-05T05:30');
  await page.keyboard.type('11');
  await expect.poll(() => starts.inputValue()).toBe('2027-11-05T02:00');
  expect(await ends.inputValue()).toBe('2027-11-05T05:30');
  // The day has the focus, then the year, whose digits come one by one.
  await page.keyboard.type('30');
  await page.keyboard.type('2028');
  await expect.poll(() => starts.inputValue()).toBe('2028-11-30T02:00');
  expect(await ends.inputValue()).toBe('2028-11-30T05:30');
});

test('a dialog gives the focus back to its button also where pressing one does not focus it, as in Safari', async () => {
  await page.goto(at(`/monitors/${monitorId}`));
  await page.getByTestId('headline').waitFor();
  await page.evaluate(`addEventListener('mousedown', (event) => event.preventDefault(), true)`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate('document.activeElement.innerText')).toBe('Delete');
});

test('a chart that fails takes nothing else of the page with it, and can be tried again', async () => {
  const { page, complaints } = await openPage(stack.browser);
  await page.context().addCookies(await stage().page.context().cookies());
  await page.addInitScript(`{
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = () => { throw new Error('The canvas is broken'); };
    window.mend = () => { HTMLCanvasElement.prototype.getContext = getContext; };
  }`);
  await page.goto(at(`/monitors/${monitorId}`));
  await page.getByText('The canvas is broken').waitFor();
  await page.getByTestId('check-row').first().waitFor();
  await page.getByTestId('headline').waitFor();
  await page.evaluate('window.mend()');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.panel canvas').first().waitFor();
  expect(complaints.filter((text) => text.includes('CSP'))).toEqual([]);
  await page.context().close();
});

/** How many pixels of the chart have this colour, give or take what smoothing does. */
const pixelsOf = (page: Page, [r, g, b]: readonly [number, number, number]) =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('.chart canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] > 200 && Math.hypot(data[i] - ${r}, data[i + 1] - ${g}, data[i + 2] - ${b}) < 6) found++;
    return found;
  })()`) as Promise<number>;

// Firefox's protocol cannot emulate a theme yet.
test.skipIf(isFirefox)('the chart has the colours of the theme, also after it changes', async () => {
  const { page } = await openPage(stack.browser);
  await page.context().addCookies(await stage().page.context().cookies());
  await page.goto(at(`/monitors/${monitorId}`));
  await page.locator('.chart canvas').waitFor();
  // --line and --muted in tokens.css.
  const grid = { light: [223, 228, 236], dark: [40, 52, 76] } as const;
  const label = { light: [85, 96, 116], dark: [158, 171, 193] } as const;
  for (const theme of ['light', 'dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect.poll(() => pixelsOf(page, grid[theme])).toBeGreaterThan(100);
    expect(await pixelsOf(page, label[theme])).toBeGreaterThan(10);
  }
  await page.evaluate(`document.documentElement.dataset.theme = 'dark'`);
  await expect.poll(() => pixelsOf(page, grid.dark)).toBeGreaterThan(100);
  await page.context().close();
});

test('where the API limits reads, the dashboard asks once, says so once, and goes on by itself', async () => {
  const { page } = await openPage(stack.browser);
  await page.context().addCookies(await stage().page.context().cookies());
  await page.goto(at('/monitors'));
  await page.getByTestId('live-state').filter({ hasText: 'Live' }).waitFor();
  let refused = 0;
  await page.route('**/api/v1/incidents*', async (route) => {
    if (refused > 0) return route.continue();
    refused++;
    await route.fulfill({ status: 429, headers: { 'retry-after': '2' } });
  });
  await page.getByRole('link', { name: 'Incidents' }).first().click();
  await page.getByTestId('read-pause').getByText('Too many requests.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.getByTestId('read-pause').getByText('Too many requests.').waitFor({ state: 'detached' });
  await page.locator('.nothing, .empty, [data-testid=incident]').first().waitFor();
  expect(refused).toBe(1);
  await page.context().close();
});

// In Firefox, playwright cannot pass the answer on without its cookie.
test.skipIf(isFirefox)('a browser that refuses the cookie of the session is told what to do', async () => {
  const { page } = await openPage(stack.browser);
  await page.route('**/api/v1/auth/signin', async (route) => {
    const response = await route.fetch();
    const headers = Object.fromEntries(Object.entries(response.headers()).filter(([name]) => name !== 'set-cookie'));
    await page.context().clearCookies();
    await route.fulfill({ status: response.status(), headers, body: await response.body() });
  });
  await page.goto(at('/sign-in'));
  await page.getByLabel('E-mail').fill('ada@browsers.example.com');
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This browser did not keep the session cookie').waitFor();
  await page.getByText('Use Chrome, Edge or Firefox for a local copy').waitFor();
  await photograph(page, 'browsers-cookie-refused');
  await page.context().close();
});

test('an old browser gets the message that it is too old, with the versions that are not', async () => {
  const { page } = await openPage(stack.browser);
  await page.addInitScript('delete Map.groupBy');
  await page.goto(at('/sign-in'));
  await page.getByRole('heading', { name: 'This browser is too old for the dashboard' }).waitFor();
  expect(await page.getByLabel('E-mail').count()).toBe(0);
  expect(await page.getByRole('main').count()).toBe(1);
  await photograph(page, 'browsers-too-old');
  await page.context().close();
});
