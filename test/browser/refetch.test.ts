import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { startAlertReceiver } from './support/alertReceiver.ts';
import { type Stage, signUp, useStage, within } from './support/stack.ts';
import { apiOf, createTwoOfEach, type Pair } from './support/twoOfEach.ts';

/** The requests of a page: nothing on it is removed when it asks again. */
const stage = useStage('refetch');
let stack: Stage['stack'];
let page: Page;
let receiver: Awaited<ReturnType<typeof startAlertReceiver>>;
let pairs: Pair[];

beforeAll(async () => {
  ({ stack, page } = stage());
  receiver = await startAlertReceiver();
  // Sockets that the test can close; the feed is the real one.
  await page.addInitScript(`
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
      constructor(...given) { super(...given); window.sockets.push(this); }
    };`);
});
afterAll(() => receiver?.stop());

const live = () => page.getByTestId('live-state').filter({ hasText: 'Live' });

/** All requests to the API since the last call, without the socket. */
let requests: string[] = [];
const askedOf = () => {
  const asked = requests;
  requests = [];
  return asked;
};

test('there are two of each kind', async () => {
  const { target } = stage();
  target.answerError();
  await signUp(page, stack.pharos.origin, 'mary@refetch.example.com');
  pairs = await createTwoOfEach(page, stack.pharos.origin, target.url, receiver.url);
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/v1/') && request.method() === 'GET' && pathname !== '/api/v1/live')
      requests.push(pathname.replace('/api/v1', '') + search.replace(/\?.*(limit|from|to)=.*$/, ''));
  });
});

const pathOf = (kind: string) => pairs.find((pair) => pair.kind === kind)?.paths[0] ?? '';

/** Opens a page in a new document and waits until it has asked for everything. */
const openSettled = async (path: string) => {
  requests = [];
  await page.goto(stack.pharos.origin + path);
  await live().waitFor(within(10));
  await expect.poll(() => page.locator('.skeleton').count(), within(10)).toBe(0);
  await page.waitForLoadState('networkidle');
};

test.each([
  ['the list of monitors', (): string => '/monitors', 7],
  ['the page of a monitor', (): string => pathOf('monitor'), 18],
  ['the page of an incident', (): string => pathOf('incident'), 9],
] as const)('%s asks for nothing twice while it loads', async (_, path, most) => {
  const loaded = async () => {
    await openSettled(path());
    const asked = askedOf();
    // Uptime is asked for three periods.
    const twice = [...Map.groupBy(asked, (one) => one)]
      .filter(([name, all]) => all.length > (name.endsWith('/uptime') ? 3 : 1))
      .map(([name, all]) => `${all.length} ${name}`);
    return { twice, tooMany: asked.length > most ? asked : [] };
  };
  // An event, or a socket that opens late on a busy machine, asks again; then the next load shows what the page asks.
  await expect.poll(loaded, within(20)).toEqual({ twice: [], tooMany: [] });
});

const findText = `document.querySelector('#content textarea, #content input[type=search]')`;

/** Opens what can be opened, and types into what can be typed into: a text that the rows of a search hold. */
const prepare = async () => {
  await page.evaluate(`(() => {
    for (const details of document.querySelectorAll('#content details')) details.open = true;
    const text = ${findText};
    if (text) text.value = 'light';
    text?.dispatchEvent(new InputEvent('input', { bubbles: true }));
  })()`);
  await page.waitForLoadState('networkidle');
};

/** Marks every row, panel and field, and focuses something. */
const mark = () =>
  page.evaluate(`(() => {
    const kinds = ['li', 'tr', 'details', 'input', 'textarea', 'select', 'canvas'];
    window.marked = [...document.querySelectorAll(kinds.map((kind) => '#content ' + kind).join())];
    const focusable = ${findText} ?? document.querySelector('#content button:not([disabled]), #content a');
    focusable?.focus();
    window.focusedThen = document.activeElement;
    return window.marked.length;
  })()`) as Promise<number>;

/** Marked elements that were removed, panels that were closed, text that was lost, and a focus that went elsewhere. */
const losses = () =>
  page.evaluate(`(() => {
    const lost = window.marked.filter((row) => !row.isConnected).map((row) => row.outerHTML.slice(0, 160));
    const closed = window.marked
      .filter((one) => one.matches('details') && !one.open)
      .map((one) => 'closed: ' + one.innerText.slice(0, 60));
    const text = ${findText};
    const typed = text && text.value !== 'light' ? ['typed text is ' + text.value] : [];
    const focus = document.activeElement === window.focusedThen ? [] : ['focus is at ' + document.activeElement?.outerHTML.slice(0, 120)];
    return [...lost, ...closed, ...typed, ...focus];
  })()`) as Promise<string[]>;

/** The socket is lost and comes back, and then everything is asked for again. */
const reconnect = async () => {
  await page.evaluate('window.sockets.at(-1).close()');
  await live().waitFor({ state: 'detached', ...within(10) });
  await live().waitFor(within(30));
  await page.waitForLoadState('networkidle');
};

test.each([
  ['the list of monitors', (): string => '/monitors'],
  ['a monitor', (): string => pathOf('monitor')],
  ['the incidents', (): string => '/incidents'],
  ['an incident', (): string => pathOf('incident')],
  ['the channels', (): string => '/alerts'],
  ['a channel', (): string => pathOf('channel')],
  ['the policies', (): string => '/alerts/policy'],
  ['a policy', (): string => pathOf('policy')],
  ['who is on call', (): string => '/alerts/on-call'],
  ['a schedule', (): string => pathOf('schedule')],
  ['the deliveries', (): string => '/alerts/deliveries'],
  ['the maintenance', (): string => '/maintenance'],
  ['the status pages', (): string => '/status-pages'],
  ['a status page', (): string => pathOf('status page')],
  ['the settings', (): string => '/settings'],
  ['the audit trail', (): string => '/settings/audit'],
] as const)('of %s everything stays through a lost connection', async (_, path) => {
  await openSettled(path());
  await prepare();
  const marked = await mark();
  askedOf();
  await reconnect();
  expect(marked).toBeGreaterThan(0);
  expect(askedOf().length).toBeGreaterThan(0);
  expect(await losses()).toEqual([]);
});

/** A shift counts unless it follows a press. https://web.dev/articles/cls#layout-shift-score */
const watchShifts = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push({ value, moved: sources.map(({ node }) => node?.textContent?.slice(0, 40)) });
  }).observe({ type: 'layout-shift', buffered: true });`;
const mostShift = 0.02;

test('no page moves while its answers come, one after the other', async () => {
  const context = await stack.browser.newContext({
    storageState: await page.context().storageState(),
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
  });
  onTestFinished(() => context.close());
  await context.addInitScript(watchShifts);
  // A page does not wait for ever; on a busy machine its answers take longer than that.
  await context.addInitScript(`
    const wait = window.setTimeout;
    window.setTimeout = (call, ms, ...given) => (ms === 3_000 ? 0 : wait(call, ms, ...given));`);
  const ids = pairs.map(({ paths }) => paths[0]);
  const lists = ['/monitors', '/incidents', '/alerts', '/alerts/policy', '/alerts/on-call', '/alerts/deliveries'];
  const more = ['/maintenance', '/status-pages', '/settings', '/settings/audit', `${pathOf('monitor')}/edit`];
  const made = ['/monitors', '/alerts/channels', '/alerts/policy', '/alerts/on-call', '/maintenance', '/status-pages'];
  // The monitors say that it is not confirmed, with a link to the channels.
  const { post } = apiOf(page, stack.pharos.origin);
  await post('/channels', { kind: 'email', name: 'Mail of Ada', settings: { to: ['ada@example.org'] } });
  const moved: unknown[] = [];
  const openPhone = async () => {
    const phone = await context.newPage();
    const answers = { count: 0, open: 0 };
    await phone.route('**/api/v1/**', async (route) => {
      answers.open++;
      await new Promise((done) => setTimeout(done, 30 + (answers.count++ % 6) * 50));
      await route.continue().catch(() => undefined);
      answers.open--;
    });
    return { phone, answers };
  };
  const look = async (path: string, { phone, answers }: Awaited<ReturnType<typeof openPhone>>) => {
    Object.assign(answers, { count: 0, open: 0 });
    await phone.goto(stack.pharos.origin + path);
    await phone.locator('.settled:not([data-hidden]) h1').first().waitFor(within(10));
    const isWaiting = async () => answers.open > 0 || (await phone.locator('.skeleton').count()) > 0;
    await expect.poll(isWaiting, within(10)).toBe(false);
    const shifts = (await phone.evaluate(
      'new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.shifts), 50)))',
    )) as { value: number; moved: string[] }[];
    const links = await phone.locator('#content .notice a').all();
    const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
    if (path === '/monitors') expect(hrefs).toContain('/alerts');
    expect(hrefs, `what the notices at ${path} lead to`).not.toContain(path);
    if (shifts.reduce((sum, { value }) => sum + value, 0) > mostShift) moved.push({ path, shifts });
  };
  const paths = [...lists, ...more, ...ids, ...made.map((one) => `${one}/new`)];
  // Each waits most of the time.
  const lookOn = async () => {
    const phone = await openPhone();
    for (let path = paths.shift(); path; path = paths.shift()) await look(path, phone);
  };
  await Promise.all(Array.from({ length: 5 }, lookOn));
  expect(moved).toEqual([]);
});

test('an open panel of a status change still explains that change once there is another', async () => {
  const { target } = stage();
  await openSettled(pathOf('monitor'));
  const changes = page.getByTestId('verdict-change');
  const before = await changes.count();
  const first = changes.first();
  await first.locator('summary').first().click();
  const sentence = await first.locator('.change-sentence').first().innerText();
  await target.mend();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect.poll(() => changes.count(), within(60)).toBeGreaterThan(before);
  const open = page.locator('[data-testid=verdict-change] > details[open]');
  expect(await open.count()).toBe(1);
  expect(await open.locator('.change-sentence').first().innerText()).toBe(sentence);
  target.answerError();
});

test('the chart stays the same one while checks arrive', async () => {
  await openSettled(pathOf('monitor'));
  await page.locator('.chart-host .uplot').waitFor(within(20));
  await page.evaluate(`window.plot = document.querySelector('.chart-host .uplot')`);
  // A row for each region; the first cell is how many checks the chart shows.
  const counts = page.locator('.as-table tbody tr');
  const checks = async () => (await counts.locator('td:nth-of-type(1)').allTextContents()).map(Number);
  const before = await checks();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect.poll(async () => (await checks()).every((count, i) => count > Number(before[i])), within(30)).toBe(true);
  expect(before.length).toBeGreaterThan(0);
  expect(await page.evaluate('window.plot.isConnected')).toBe(true);
});

test('a tab asks for each list at most every three seconds while fifty monitors break', async () => {
  const { target } = stage();
  await target.mend();
  const { post, list } = apiOf(page, stack.pharos.origin);
  const buoy = httpMonitor({ url: target.url, intervalSeconds: 60, regions: ['weur'] });
  const created = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => (await post('/monitors', { ...buoy, name: `Buoy ${i}` })).id),
  );
  const countOf = async (verdict: string) => {
    const found = await list<{ name: string }>(`/monitors?verdict=${verdict}&limit=100`);
    return found.filter(({ name }) => name.startsWith('Buoy')).length;
  };
  await expect.poll(() => countOf('up'), { ...within(30), interval: 1_000 }).toBe(50);
  await openSettled('/monitors');
  askedOf();
  const begunAt = Date.now();
  target.answerError();
  await Promise.all(created.map((id) => post(`/monitors/${id}/check`, {}, 202)));
  await expect.poll(() => countOf('down'), { ...within(30), interval: 1_000 }).toBe(50);
  const seconds = (Date.now() - begunAt) / 1_000;
  const counts = [...Map.groupBy(askedOf(), (one) => one)].map(([name, all]) => [name, all.length] as const);
  // The first at once, and the last after the end.
  const most = seconds / 3 + 2;
  expect(counts.length).toBeGreaterThan(0);
  expect(
    counts.filter(([, count]) => count > most),
    `in ${seconds} s`,
  ).toEqual([]);
});
