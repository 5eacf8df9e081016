import { type AlertMessage, actionOf } from './message.ts';

export interface Link {
  label: string;
  url: string;
}

/** The page in the dashboard that a message is about. */
const pageLink = (message: AlertMessage): Link => {
  if (message.event === 'digest') return { label: 'Open the list', url: message.url };
  if ('channel' in message) return { label: 'Open the channel', url: message.url };
  const { incident, monitorPage, event } = message;
  if (incident) return { label: event === 'test' ? 'Open Pharos' : 'Open the incident', url: incident.url };
  return { label: 'Open the monitor', url: monitorPage };
};

export const pageOf = (message: AlertMessage): string => pageLink(message).url;

/** The most urgent first, for channels that show only a few: links for actions come before links to pages. */
export const linksOf = (message: AlertMessage): Link[] => {
  const page = pageLink(message);
  if (message.event === 'digest' || 'channel' in message || message.event === 'test') return [page];
  const { acknowledgeUrl, runbookUrl, monitor, monitorPage, incident } = message;
  const runbook = actionOf(message) === 'close' ? null : webAddress(runbookUrl ?? '', ({ href }) => href);
  const site = webAddress(monitor.url, ({ origin, pathname }) => origin + pathname);
  return [
    ...(acknowledgeUrl ? [{ label: 'Acknowledge', url: acknowledgeUrl }] : []),
    page,
    ...(runbook ? [{ label: 'Open the runbook', url: runbook }] : []),
    ...(site ? [{ label: 'Open the site', url: site }] : []),
    ...(incident ? [{ label: 'Open the monitor', url: monitorPage }] : []),
  ];
};

/** Longer ones would take the room of the text: links are never cut. */
const maxLinkLength = 500;

/** Null unless it is an address that a browser opens, short enough for every receiver. */
const webAddress = (text: string, of: (url: URL) => string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const address = url && /^https?:$/.test(url.protocol) ? of(url) : '';
  return address !== '' && address.length <= maxLinkLength ? address : null;
};

export const linkLines = (message: AlertMessage): string =>
  linksOf(message)
    .map(({ label, url }) => `${label}: ${url}`)
    .join('\n');
