import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startAlertReceiver } from './support/alertReceiver.ts';
import { type Stage, signUp, useStage, within } from './support/stack.ts';
import { createTwoOfEach, follow, type Pair, shownName } from './support/twoOfEach.ts';

/** Page, address and actions agree, however one comes from one thing to another and however late answers are. */
const stage = useStage('navigation');
let stack: Stage['stack'];
let page: Page;
let receiver: Awaited<ReturnType<typeof startAlertReceiver>>;
let pairs: Pair[];

const seed = Number(process.env.SEED ?? 261_121);
const steps = 40;
/** A busy machine takes fewer steps, because as many as these outlast the test there. */
const walksForMs = 60_000;
const leastLooks = 5;

/** https://en.wikipedia.org/wiki/Linear_congruential_generator */
const createRandom = (state: number) => () => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return state / 4_294_967_296;
};
const random = createRandom(seed);
/** Apart from the moves, so that a seed repeats them however many requests there are. */
const randomDelay = createRandom(seed + 1);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

beforeAll(async () => {
  ({ stack, page } = stage());
  receiver = await startAlertReceiver();
});
afterAll(() => receiver?.stop());

test('there are two of each kind', async () => {
  const { target } = stage();
  target.answerError();
  await signUp(page, stack.pharos.origin, 'emmy@navigation.example.com');
  pairs = await createTwoOfEach(page, stack.pharos.origin, target.url, receiver.url);
  expect(pairs.every(({ paths }) => paths[0] !== paths[1])).toBe(true);
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const asked: string[] = [];

/** Answers come late, each by another while; a change is refused, so that the things stay what they are. */
const handle = async (route: Route) => {
  const request = route.request();
  if (request.method() !== 'GET') {
    asked.push(new URL(request.url()).pathname);
    return route.fulfill({ status: 409, json: { title: 'Refused by the test', code: 'conflict', detail: '' } });
  }
  await new Promise((done) => setTimeout(done, randomDelay() * 200));
  await route.continue().catch(() => undefined);
};

const save = () => button(/^Save/).click();
const act: Record<string, () => Promise<unknown>> = {
  monitor: () => button('Pause').click(),
  incident: async () => {
    await page.getByLabel('Comment').fill('Looking into it');
    await button('Add comment').click();
  },
  channel: save,
  policy: save,
  schedule: async () => {
    await button('Create new address').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Create new address' }).click();
    await button('Cancel').click();
  },
  window: save,
  'status page': save,
};

const lists = ['/monitors', '/incidents', '/incidents?state=open', '/alerts', '/maintenance', '/status-pages'];

/** Entries of the history before this one belong to other documents, or are a reserve for hops that overtake each other. */
let firstEntry = 0;
const entry = () => page.evaluate('navigation.currentEntry.index') as Promise<number>;

/** Waits until the address has changed: a hop that is still on its way would leave the page under test. */
const go = async (by: 1 | -1) => {
  const isWithin = by === 1 ? 'navigation.canGoForward' : `navigation.currentEntry.index > ${firstEntry}`;
  const hop = by === 1 ? 'forward' : 'back';
  await page.evaluate(`${isWithin} && navigation.${hop}().committed.then(() => undefined, () => undefined)`);
};

/** Where the last hop leads; null where that is back or forward. */
let goal: string | null = null;

const move = () => {
  const at = random();
  goal = at < 0.35 ? null : pick(at < 0.5 ? lists : pick(pairs).paths);
  return goal === null ? go(at < 0.25 ? -1 : 1) : follow(page, goal);
};

/** The address, once no navigation is on its way any more: the router changes it when it has what the page needs. */
const settledUrl = async (): Promise<string> => {
  if (goal !== null) await page.waitForURL(stack.pharos.origin + goal, within(10));
  await expect.poll(() => page.evaluate("document.querySelectorAll('.skeleton').length"), within(10)).toBe(0);
  const before = page.url();
  await page.evaluate('new Promise((done) => setTimeout(done, 150))');
  return page.url() === before ? before : settledUrl();
};

const placeOf = (path: string) => pairs.find(({ paths }) => paths.includes(path));

test(`the shown and changed entry is the one in the address (SEED=${seed})`, async () => {
  await page.goto(`${stack.pharos.origin}/monitors`);
  for (const path of ['/incidents', '/alerts', '/maintenance', '/monitors']) {
    await follow(page, path);
    await page.waitForURL(`**${path}`);
  }
  firstEntry = await entry();
  await page.route('**/api/v1/**', handle);
  onTestFinished(() => page.unrouteAll({ behavior: 'wait' }));
  let looked = 0;
  const endsAt = Date.now() + walksForMs;
  for (let step = 0; step < steps && (Date.now() < endsAt || looked < leastLooks); step++) {
    // Some pages are left before they have their answers.
    const hops = 1 + Math.floor(random() * 3);
    for (let hop = 0; hop < hops; hop++) await move();
    const { pathname } = new URL(await settledUrl());
    const pair = placeOf(pathname);
    // A list.
    if (!pair) continue;
    const name = pair.names[pair.paths.indexOf(pathname)];
    const named = () => shownName(page, pair.kind).catch(() => null);
    await expect.poll(named, { ...within(10), message: `${pathname} at step ${step}` }).toBe(name);
    asked.length = 0;
    await act[pair.kind]?.();
    await expect.poll(() => asked.length, { ...within(5), message: `${pathname} at step ${step}` }).toBeGreaterThan(0);
    const id = pathname.split('/').at(-1);
    expect(asked.filter((path) => path.split('/')[4] !== id)).toEqual([]);
    expect(await named()).toBe(name);
    looked++;
  }
  expect(looked).toBeGreaterThanOrEqual(leastLooks);
});

test('a dialog about one monitor is closed on the page of another', async () => {
  const monitors = pairs.find(({ kind }) => kind === 'monitor')?.paths ?? [];
  const [first = '', second = ''] = monitors;
  await page.goto(`${stack.pharos.origin}${first}`);
  await page.getByRole('heading', { name: 'Harbour light', level: 1 }).waitFor(within(10));
  await follow(page, second);
  await page.getByRole('heading', { name: 'Island light', level: 1 }).waitFor(within(10));
  await button('Delete').click();
  await page.getByRole('alertdialog').getByText('Delete “Island light”?').waitFor(within(10));
  await page.goBack();
  await page.getByRole('heading', { name: 'Harbour light', level: 1 }).waitFor(within(10));
  await expect.poll(() => page.getByRole('alertdialog').count(), within(5)).toBe(0);
});

test('the answer to a change of one monitor changes nothing of the page of another', async () => {
  const monitors = pairs.find(({ kind }) => kind === 'monitor')?.paths ?? [];
  const [first = '', second = ''] = monitors;
  const held = Promise.withResolvers<void>();
  // A request that is held for ever would hold up the end of the file too.
  onTestFinished(() => held.resolve());
  await page.route('**/pause', async (route) => {
    await held.promise;
    await route.continue();
  });
  await follow(page, first);
  await page.getByRole('heading', { name: 'Harbour light', level: 1 }).waitFor(within(10));
  const answered = page.waitForResponse('**/pause');
  await button('Pause').click();
  await follow(page, second);
  await page.getByRole('heading', { name: 'Island light', level: 1 }).waitFor(within(10));
  held.resolve();
  await answered;
  await page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(5));
  await follow(page, '/monitors');
  const row = (name: string) => page.getByTestId('monitor-row').filter({ hasText: name });
  await row('Harbour light').filter({ hasText: 'Paused' }).waitFor(within(10));
  await row('Island light').filter({ hasText: 'Down' }).waitFor(within(10));
  await follow(page, second);
  await page.getByRole('heading', { name: 'Island light', level: 1 }).waitFor(within(10));
  expect(await page.locator('.verdict.large').innerText()).toContain('Down');
});

/** The time of a request is counted by the same clock as everything else. */
const countTimeouts = `
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), ms);
    return controller.signal;
  };`;

/** A window of the same person, with nothing loaded yet and a clock that the test can advance. */
const openOther = async () => {
  const context = await stack.browser.newContext({ storageState: await page.context().storageState() });
  onTestFinished(() => context.close());
  await context.addInitScript(countTimeouts);
  await context.clock.install();
  const other = await context.newPage();
  return { other, context };
};
const liveOf = (other: Page) => other.getByTestId('live-state').filter({ hasText: 'Live' });

test('an API that hangs is noticed within 16 seconds, and a page that waits for it says so', async () => {
  const { other, context } = await openOther();
  let isFrozen = false;
  await other.routeWebSocket('**/api/v1/live', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!isFrozen) socket.send(message);
    });
  });
  await other.goto(`${stack.pharos.origin}/monitors`);
  await liveOf(other).waitFor(within(10));
  isFrozen = true;
  // Never answered.
  await other.route('**/api/v1/**', () => undefined);
  await context.clock.runFor(16_000);
  await liveOf(other).waitFor({ state: 'detached', ...within(2) });
  await follow(other, '/status-pages');
  await other
    .getByRole('heading', { name: 'Status pages', level: 1, includeHidden: true })
    .waitFor({ state: 'attached' });
  await context.clock.runFor(16_000);
  await other.getByText('Pharos did not respond in time').first().waitFor(within(2));
});

test('a page that could not be loaded offline loads itself once there is a connection', async () => {
  const { other, context } = await openOther();
  await other.goto(`${stack.pharos.origin}/monitors`);
  await liveOf(other).waitFor(within(10));
  await context.setOffline(true);
  await follow(other, '/maintenance');
  await other.getByText('The page could not be loaded').waitFor(within(10));
  await context.setOffline(false);
  await other.getByRole('heading', { name: 'Maintenance', level: 1 }).waitFor(within(20));
});

test('a page that lost its network says Offline within seconds, and Live again once there is one', async () => {
  const { other, context } = await openOther();
  await other.goto(`${stack.pharos.origin}/monitors`);
  await liveOf(other).waitFor(within(10));
  await context.setOffline(true);
  const offline = other.getByTestId('live-state').filter({ hasText: 'Offline' });
  await offline.waitFor(within(5));
  expect(await offline.getAttribute('title')).toBe('Pharos cannot be reached. The page shows earlier data.');
  await context.setOffline(false);
  await liveOf(other).waitFor(within(10));
});

test('a list that is asked for offline says so, and fills itself once there is a connection', async () => {
  const { other, context } = await openOther();
  await other.goto(`${stack.pharos.origin}/incidents`);
  await liveOf(other).waitFor(within(10));
  await context.setOffline(true);
  await other.getByRole('button', { name: 'Resolved', exact: true }).click();
  const unreachable = other.getByText('Pharos could not be reached');
  await unreachable.waitFor(within(15));
  await context.setOffline(false);
  await unreachable.waitFor({ state: 'detached', ...within(15) });
  await expect.poll(() => other.locator('.skeleton').count(), within(15)).toBe(0);
  expect(await unreachable.count()).toBe(0);
});
