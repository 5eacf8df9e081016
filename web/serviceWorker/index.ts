import type { WebPushView } from '../../worker/contract/views.ts';
import type { PushNotification } from '../../worker/domain/delivery/pushNotification.ts';
import { pushChannel, pushSettings } from '../src/features/channels/pushChannel.ts';

declare const self: ServiceWorkerGlobalScope;

/** Not in TypeScript's library yet. https://w3c.github.io/push-api/#dom-pushsubscriptionchangeevent */
interface PushSubscriptionChangeEvent extends ExtendableEvent {
  readonly newSubscription: PushSubscription | null;
}

/** Nor is this. https://notifications.spec.whatwg.org/#dictdef-notificationoptions */
interface Options extends NotificationOptions {
  renotify?: boolean;
  actions?: { action: string; title: string }[];
}

/** It only shows notifications: without a handler of `fetch`, pages load as if it were not there. */
self.addEventListener('install', () => void self.skipWaiting());

const show = ({ title, body, tag, url, actions }: PushNotification) => {
  // The first address is that of the notification itself, the others are those of its buttons.
  const urls = [url ?? '/', ...actions.map((action) => action.url)];
  const buttons = actions.map((action, i) => ({ action: String(i + 1), title: action.title }));
  // A notification that replaces another one alerts again: a recovery is news.
  const options: Options = { body, tag, renotify: true, actions: buttons, icon: '/icon-192.png', data: urls };
  return self.registration.showNotification(title, options);
};

/** Browsers end subscriptions whose pushes show nothing, so one that cannot be read is shown as well. */
const unreadable: PushNotification = {
  title: 'New alert from Pharos',
  body: 'This browser could not read it. Open Pharos for the details.',
  tag: 'unreadable',
  url: '/incidents',
  actions: [],
};

const read = (data: PushMessageData | null): PushNotification => {
  try {
    return (data?.json() as PushNotification | undefined) ?? unreadable;
  } catch {
    return unreadable;
  }
};

self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));

/** A window that shows the place already is brought to the front; another one is left alone, somebody may write in it. */
const open = async (address: string) => {
  const url = new URL(address, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((client) => client.url === url);
  return there ? there.focus() : self.clients.openWindow(url);
};

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const urls = event.notification.data as string[];
  event.waitUntil(open(urls[Number(event.action)] ?? '/'));
});

/** Throws where the API refuses; a session that has run out is renewed once. */
const callApi = async (path: string, init?: RequestInit): Promise<Response> => {
  const call = () => fetch(`/api/v1${path}`, init);
  let response = await call();
  if (response.status === 401 && (await fetch('/api/v1/auth/refresh', { method: 'POST' })).ok) response = await call();
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

const subscribe = async () => {
  const { publicKey } = (await (await callApi('/web-push')).json()) as WebPushView;
  return self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
};

/** The browser has another subscription now, so the channel gets it. Where that fails, a person has to be notified. */
const renew = async ({ newSubscription }: PushSubscriptionChangeEvent) => {
  const channelId = await pushChannel();
  if (channelId === null) return;
  try {
    const settings = pushSettings(newSubscription ?? (await subscribe()));
    const headers = { 'content-type': 'application/json' };
    await callApi(`/channels/${channelId}`, { method: 'PATCH', headers, body: JSON.stringify({ settings }) });
  } catch {
    await show({
      title: 'Pharos can no longer notify this browser',
      body: 'Open Pharos and press “Notify this browser”.',
      tag: 'subscription-ended',
      url: `/alerts/channels/${channelId}`,
      actions: [],
    });
  }
};

self.addEventListener('pushsubscriptionchange', (event) =>
  (event as ExtendableEvent).waitUntil(renew(event as PushSubscriptionChangeEvent)),
);
