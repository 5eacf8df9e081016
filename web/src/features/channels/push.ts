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
  'Notifications of Pharos are blocked in this browser. Allow them in the settings of this website, which are behind the sign in front of its address.';

/** What keeps this browser from being notified, and what to do about it; null where nothing does. */
export const pushObstacle = (): string | null => {
  if (!window.isSecureContext)
    return 'Browsers show notifications of secure addresses only. Open Pharos under https://.';
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window))
    return isAppleMobile()
      ? 'iPhone and iPad show notifications only of what is on the Home Screen. In Safari press Share, then “Add to Home Screen”. Open Pharos from there, and come back to this page.'
      : 'This browser cannot show notifications of websites. Use a current Chrome, Edge, Firefox or Safari.';
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
      title: 'The question was left open',
      detail: 'Press the button again, and allow notifications when the browser asks.',
    });
  const { publicKey } = await api.webPush();
  try {
    return pushSettings(await inTime(subscribe(publicKey, anew)));
  } catch (error) {
    throw new Problem({
      title: 'This browser could not subscribe to notifications',
      detail: `Its push service did not take part${error instanceof Error ? ` (${error.message})` : ''}. Check your connection and try again. A private window cannot subscribe; in Brave, allow “Google services for push messaging” first.`,
    });
  }
};

/** Without a connection, Chrome goes on trying to reach its push service and says nothing. */
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
