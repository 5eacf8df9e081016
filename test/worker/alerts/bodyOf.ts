import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import type { AlertMessage } from '../../../worker/alerts/messages/message.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import { context, vendors } from './vendors.ts';

const rules = { allowPrivate: false, ownHosts: ['pharos.test'] };

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** What the channel makes of a message, without sending it, and its body as the vendor reads it. */
export const bodyOf = async (kind: ChannelKind, message: AlertMessage) => {
  const settings = channels[kind].settings(rules).parse(vendors[kind].settings);
  const made = await channels[kind].request(message, settings, 'dlv_1', context);
  const { url, method, headers, body } = made as HttpRequest;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
  const { pathname, search } = new URL(url);
  const received = { method, path: pathname + search, headers, body: base64(bytes) };
  return { request: received, body: await vendors[kind].decode(received) };
};
