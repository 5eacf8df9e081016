import type { AlertMessage } from '../message.ts';

/** Where the dashboard shows what a message is about: the incident, else the monitor, the list or the channel. */
export const pageOf = (message: AlertMessage): string =>
  'monitor' in message ? (message.incident?.url ?? message.monitorPage) : message.url;
