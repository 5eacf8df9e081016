import { beforeAll, describe, expect, test } from 'vitest';
import { linksOf } from '../../../worker/alerts/messages/links.ts';
import type { AlertMessage, MonitorMessage } from '../../../worker/alerts/messages/message.ts';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { eventuallyStates, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { createClient, signUp } from '../support/client.ts';
import { say } from '../verdicts/judged.ts';
import { bodyOf } from './bodyOf.ts';
import { everyMessage } from './everyMessage.ts';
import { placeOf, readLinks } from './readLinks.ts';

/** How many links the others hold, and why not all. */
const fewer: Partial<Record<ChannelKind, (message: AlertMessage) => string[]>> = {
  // A text message is paid for by its length, and Pushover has one button.
  twilio: (message) => urlsOf(message).slice(0, 1),
  pushover: (message) => urlsOf(message).slice(0, 1),
  // ntfy shows three buttons, browsers two.
  ntfy: (message) => urlsOf(message).slice(0, 3),
  'web-push': (message) => urlsOf(message).slice(0, 2),
  // Programs read names instead of labels, and addresses are there only where they mean something.
  webhook: (message) => ('monitor' in message ? [message.monitorPage] : [message.url]),
};

/** To the letter; markup may write signs of other addresses as what they stand for. */
const isOwn = (url: string) => url.startsWith('https://pharos.test/');

const urlsOf = (message: AlertMessage) => linksOf(message).map(({ url }) => url);

const seenIn = async (kind: ChannelKind, message: AlertMessage) => readLinks(kind, (await bodyOf(kind, message)).body);

describe.each(channelKinds)('the channel %s', (kind) => {
  test.each(Object.entries(everyMessage))('shows every link of %s, to the letter', async (_, message) => {
    const seen = (await seenIn(kind, message)).map(({ url }) => url);
    const wanted = fewer[kind]?.(message) ?? urlsOf(message);
    const [own, others] = [wanted.filter(isOwn), wanted.filter((url) => !isOwn(url))];
    expect(seen).toEqual(expect.arrayContaining(own));
    expect(seen.map(placeOf)).toEqual(expect.arrayContaining(others.map(placeOf)));
  });
});

describe('a real outage', () => {
  let message: MonitorMessage;
  beforeAll(async () => {
    const { team } = await signUp();
    const receiver = receiverFor();
    await seedWebhook(team.id, receiver.url);
    await say(await seedMonitor(team.id), 0, 'down');
    await eventuallyStates(team.id, ['down delivered']);
    const [first] = await receiver.received();
    const { acknowledgeUrl, incident, monitor } = first?.body ?? {};
    message = { ...(everyMessage.down as MonitorMessage), acknowledgeUrl, incident, monitorPage: monitor.page };
  });

  test.each(channelKinds)('is acknowledged by the link that %s shows', async (kind) => {
    const links = (await seenIn(kind, message)).map(({ url }) => new URL(url));
    const [acknowledge] = links.filter(({ pathname }) => pathname.startsWith('/a/'));
    const page = await createClient().get(`${acknowledge?.pathname}${acknowledge?.search}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Acknowledge incident');
  });
});

/** `['/monitors/:id', () => …` in the dashboard's table of pages. */
const routes = async () => {
  const { default: app } = await import('../../../web/src/app/app.tsx?raw');
  const paths = [...app.matchAll(/^ {2}\['(\/[^']*)', \(\) =>/gm)].map(([, path = '']) => path);
  return ['/', ...paths].map((path) => new RegExp(`^${path.replace(/:\w+/g, '(?!new$)[^/]+')}$`));
};

test.each(Object.entries(everyMessage))(
  'each link of %s into the dashboard leads to a page that it has',
  async (_, message) => {
    const pages = await routes();
    expect(pages.length).toBeGreaterThan(20);
    const own = urlsOf(message)
      .map((url) => new URL(url))
      .filter(({ origin }) => origin === 'https://pharos.test');
    const paths = own.map(({ pathname }) => pathname).filter((path) => !/^\/(a\/|acknowledge)/.test(path));
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !pages.some((page) => page.test(path)))).toEqual([]);
  },
);
