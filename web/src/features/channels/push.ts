import { api } from '../../app/cache/api.ts';
import { question } from '../../app/cache/query.ts';
import { Problem } from '../../lib/problem.ts';
import { pushChannel, pushSettings } from './pushChannel.ts';

/** Id of the channel that notifies this browser; null where there is none. */
export const pushChannelQuery = () =>
  question({
    queryKey: ['push-channel'],
    identity: ['id'],
    queryFn: async () => ('caches' in window ? await pushChannel() : null),
  });

const isAppleMobile = () =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

const denied =
  'This browser blocks notifications from Pharos. Allow them in the site settings, next to the address bar.';

/** The obstacle to notifications in this browser, and the fix; null where there is none. */
export const pushObstacle = (): string | null => {
  if (!window.isSecureContext)
    return 'Browsers show notifications only from secure addresses. Open Pharos over https://.';
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window))
    return isAppleMobile()
      ? 'iPhone and iPad show notifications only from apps on the Home Screen. In Safari, tap Share, then “Add to Home Screen”. Open Pharos from there and return to this page.'
      : 'This browser does not support web notifications. Use a current Chrome, Edge, Firefox or Safari.';
  return Notification.permission === 'denied' ? denied : null;
};

/**
 * Settings of a channel that notifies this browser. To be called at once when somebody presses a button: browsers ask
 * for leave only then. `anew` ends a subscription that is there, which may be one that the push service has forgotten.
 * Throws a Problem that says what to do.
 */
export const subscribeToPush = async (anew: boolean): Promise<Record<string, string>> => {
  const permission = await Notification.requestPermission();
  if (permission === 'denied') throw new Problem({ title: 'Notifications are not allowed', detail: denied });
  if (permission === 'default')
    throw new Problem({
      title: 'Permission request dismissed',
      detail: 'Press the button again, and allow notifications when the browser asks.',
    });
  const { publicKey } = await api.webPush();
  try {
    return pushSettings(await inTime(subscribe(publicKey, anew)));
  } catch (error) {
    throw new Problem({
      title: 'This browser could not subscribe to notifications',
      detail: `Its push service rejected the subscription${error instanceof Error ? ` (${error.message})` : ''}. Check your connection and try again. A private window cannot subscribe; in Brave, allow “Google services for push messaging” first.`,
    });
  }
};

/** Without a connection, Chrome keeps trying to reach its push service and reports nothing. */
const subscribeWithinMs = 30_000;

const inTime = <T>(promise: Promise<T>): Promise<T> => {
  const late = new Error(`no answer within ${subscribeWithinMs / 1000} seconds`);
  return Promise.race([promise, new Promise<never>((_, reject) => setTimeout(() => reject(late), subscribeWithinMs))]);
};

const subscribe = async (publicKey: string, anew: boolean): Promise<PushSubscription> => {
  await navigator.serviceWorker.register('/service-worker.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  const end = async () => void (await (await pushManager.getSubscription())?.unsubscribe());
  if (anew) await end();
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    // One that was made with other keys is in the way.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
    await end();
    return pushManager.subscribe(options);
  }
};
