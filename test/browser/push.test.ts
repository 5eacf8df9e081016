import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { ChannelView } from '../../worker/contract/views.ts';
import type { PushNotification } from '../../worker/domain/delivery/pushNotification.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, signUp, useStage, within } from './support/stack.ts';

/**
 * The push services of browsers are on the internet, so `PushManager.subscribe` is replaced at the edge of the browser,
 * and the pushes are handed to the service worker by Chromium itself. Everything between is real.
 */
const stage = useStage('push');
let page: Page;
let origin: string;
let cdp: CDPSession;

const button = (name: string) => page.getByRole('button', { name, exact: true });
const endpointOf = (number: number) => `https://updates.push.services.mozilla.com/wpush/v2/${number}`;
const subscription = (number: number) => ({
  endpoint: endpointOf(number),
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
});

/** Runs in the service worker; its code is text, because it compiles against another environment. */
const inWorker = async <T>(code: string): Promise<T> => {
  const [worker] = page.context().serviceWorkers();
  return worker?.evaluate(code) as Promise<T>;
};

const channel = async (): Promise<ChannelView> => {
  const { data } = await (await page.request.get(`${origin}/api/v1/channels`)).json();
  return data[0];
};

beforeAll(async () => {
  ({ page } = stage());
  ({ origin } = stage().stack.pharos);
  cdp = await page.context().newCDPSession(page);
  await signUp(page, origin, 'grace@push.example.com');
});

test('says what is in the way where notifications were forbidden, and goes on once they are allowed', async () => {
  const browser = await stage().stack.browser.newBrowserCDPSession();
  const { targetInfo } = await cdp.send('Target.getTargetInfo');
  const set = (setting: 'denied' | 'granted') =>
    browser.send('Browser.setPermission', {
      permission: { name: 'notifications' },
      setting,
      origin,
      browserContextId: targetInfo.browserContextId,
    });
  await set('denied');
  await page.goto(`${origin}/alerts/channels/new`);
  await page.getByRole('link', { name: 'Browser notification' }).click();
  await page.getByText(/^This browser blocks notifications from Pharos\./).waitFor(within(10));
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'push-denied');
  await set('granted');
  await button('Notify this browser').waitFor(within(30));
});

test('a press of the button makes a channel of this browser', async () => {
  await page.evaluate(`
    PushManager.prototype.subscribe = async (options) => {
      window.subscribedWith = options;
      return { toJSON: () => (${JSON.stringify(subscription(1))}) };
    };
  `);
  expect(await page.getByLabel('Name').inputValue()).toBe('Chrome on Linux');
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'push-form');
  await button('Notify this browser').click();
  await page.getByRole('heading', { name: '“Chrome on Linux” is ready' }).waitFor(within(30));
  expect(await page.evaluate('window.subscribedWith')).toEqual({
    userVisibleOnly: true,
    applicationServerKey: expect.stringMatching(/^B[\w-]{86}$/),
  });
  const made = await channel();
  expect(made).toMatchObject({ kind: 'web-push', name: 'Chrome on Linux' });
  expect(JSON.stringify(made)).not.toContain(endpointOf(1));
});

test('a browser that is notified already is not added twice', async () => {
  await page.goto(`${origin}/alerts/channels/new?kind=web-push`);
  await page.getByRole('heading', { name: 'This browser already receives notifications' }).waitFor(within(30));
  await photograph(page, 'push-already');
  await page.getByRole('link', { name: 'Open “Chrome on Linux”' }).click();
  await page.getByRole('heading', { name: 'This browser receives its notifications' }).waitFor(within(30));
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'push-edit');
});

test('the service worker shows what is pushed, the newest of an incident in place of the one before', async () => {
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registered;
  const push = (data: string) => cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
  const down: PushNotification = {
    title: 'Down: Shop',
    body: 'Two of three regions were answered with HTTP 503.',
    tag: 'inc_1',
    url: `${origin}/incidents/inc_1`,
    actions: [
      { title: 'Acknowledge', url: `${origin}/a/token` },
      { title: 'Open the incident', url: `${origin}/incidents/inc_1` },
    ],
  };
  const shown = () =>
    inWorker<{ title: string; tag: string; actions: string[] }[]>(
      `self.registration.getNotifications().then((all) => all.map(({ title, tag, actions }) =>
        ({ title, tag, actions: actions.map((action) => action.title) })))`,
    );
  await push(JSON.stringify(down));
  await expect
    .poll(shown, within(30))
    .toEqual([{ title: 'Down: Shop', tag: 'inc_1', actions: ['Acknowledge', 'Open the incident'] }]);
  await push(JSON.stringify({ ...down, title: 'Up: Shop', actions: [] } satisfies PushNotification));
  await expect.poll(shown, within(30)).toEqual([{ title: 'Up: Shop', tag: 'inc_1', actions: [] }]);
  await push('no JSON');
  await expect
    .poll(async () => (await shown()).map(({ tag }) => tag).toSorted(), within(30))
    .toEqual(['inc_1', 'unreadable']);
});

test('a click leads to the incident, and a button to its own place', async () => {
  const clicked = (action: string) =>
    inWorker<string>(`(async () => {
      const data = ['/incidents/inc_1', '/a/token', '/incidents/inc_1'];
      await self.registration.showNotification('Down', { tag: 'clicked', data });
      const [notification] = await self.registration.getNotifications({ tag: 'clicked' });
      const opened = new Promise((resolve) => { self.clients.openWindow = async (url) => resolve(url); });
      self.dispatchEvent(new NotificationEvent('notificationclick', { notification, action: '${action}' }));
      const left = await opened.then(() => self.registration.getNotifications({ tag: 'clicked' }));
      return (await opened) + ' ' + left.length;
    })()`);
  expect(await clicked('')).toBe(`${origin}/incidents/inc_1 0`);
  expect(await clicked('1')).toBe(`${origin}/a/token 0`);
});

test('a subscription that the browser replaces is replaced in the channel, or somebody is notified', async () => {
  // The promise to wait for is handed out here: an event that the browser did not make refuses to wait.
  const replace = (next: object) =>
    inWorker(`(async () => {
      const event = new ExtendableEvent('pushsubscriptionchange');
      event.newSubscription = { toJSON: () => (${JSON.stringify(next)}) };
      const begun = new Promise((resolve) => { event.waitUntil = (work) => resolve({ work }); });
      self.dispatchEvent(event);
      await (await begun).work;
    })()`);
  const before = await channel();
  await replace(subscription(2));
  expect((await channel()).updatedAt).not.toBe(before.updatedAt);
  await replace({ ...subscription(3), endpoint: 'https://elsewhere.example/' });
  await expect
    .poll(
      () => inWorker(`self.registration.getNotifications({ tag: 'subscription-ended' }).then((all) => all.length)`),
      within(30),
    )
    .toBe(1);
});
