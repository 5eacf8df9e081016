/** The channel that notifies this browser. Both a page and the service worker can read cache storage. */

const store = 'pharos-push';
const key = '/push-channel';

export const pushChannel = async (): Promise<string | null> => {
  const found = await (await caches.open(store)).match(key);
  return found ? found.text() : null;
};

export const rememberPushChannel = async (channelId: string): Promise<void> =>
  (await caches.open(store)).put(key, new Response(channelId));

/** A subscription as the settings of a channel of the kind `web-push`. */
export const pushSettings = (subscription: PushSubscription): Record<string, string> => {
  const { endpoint = '', keys = {} } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' };
};
