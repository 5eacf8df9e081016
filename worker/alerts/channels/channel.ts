import type { z } from 'zod';
import type { VendorAnswers } from '../answers/vendorAnswers.ts';
import type { Mail, MailTransport } from '../mail/mail.ts';
import type { AlertMessage } from '../messages/message.ts';
import type { AddressRules } from '../outbox/address.ts';

/** A request as data, so that requests of a channel can be read and tested without sending them. */
export interface HttpRequest {
  url: string;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | null;
}

/** Public and private key of Web Push, base64url. https://www.rfc-editor.org/rfc/rfc8292 */
export interface VapidKeys {
  /** `mailto:` or `https:`, how a push service reaches the operator. */
  subject: string;
  publicKey: string;
  privateKey: string;
}

/** Configuration of the whole installation. */
export interface ChannelContext {
  /** Ms since the epoch; signatures carry it. */
  now: number;
  publicOrigin: string;
  /** Null where the operator has not configured how mail is sent. */
  mail: MailTransport | null;
  /** Null where the operator has not configured Web Push. */
  vapid: VapidKeys | null;
  /** The unsubscribe address by recipient; missing where recipients cannot unsubscribe. */
  leaveUrls?: ReadonlyMap<string, string>;
}

/** A request beside the message, where the receiver keeps something open. It is sent in each attempt, and idempotent. */
export interface Companion {
  /** `before`: the message waits until it succeeded, or was refused permanently. `after`: a test closes what it opened. */
  when: 'before' | 'after';
  request: HttpRequest;
  answers: VendorAnswers;
  /** The text on failure: a sentence about the missing effect. */
  failed: string;
}

/** The longest text that the receiver accepts; channels shorten text before, and never a link. */
export interface Limits {
  text: number;
  unit: 'characters' | 'bytes';
}

interface Definition<Schema extends z.ZodObject> {
  /** Name for people. */
  label: string;
  /** Where to get what the form asks for. */
  help: string;
  /** A strict object whose fields have `.meta()` of `FieldMeta`. */
  settings: (rules: AddressRules) => Schema;
  /** Settings that Pharos generates for a new channel where they are missing. They are shown once, after its creation. */
  made?: () => Partial<z.input<Schema>>;
  limits: Limits;
  /** Effect of a duplicate key on the receiver. */
  dedupe: string;
  /**
   * The request for a message. `key` names the delivery and is the same in every attempt. Throws `NotConfigured` where the
   * operator has to configure something first.
   */
  request: (
    message: AlertMessage,
    settings: z.output<Schema>,
    key: string,
    context: ChannelContext,
  ) => HttpRequest | Mail[] | Promise<HttpRequest | Mail[]>;
  /** Requests beside the message; none where omitted. */
  also?: (message: AlertMessage, settings: z.output<Schema>) => Companion[];
  /** The vendor's documented responses; receivers of the team's own have none, and their status decides. */
  answers?: VendorAnswers;
}

/** A channel without the type of its settings, so that all of them fit one table. */
export type Channel = Definition<z.ZodObject>;

/** Settings reach `request` only as the output of the channel's own schema (send.ts), which the table cannot express. */
export const defineChannel = <Schema extends z.ZodObject>(definition: Definition<Schema>): Channel =>
  definition as unknown as Channel;

/** The operator has to configure something; the message names it. */
export class NotConfigured extends Error {}

export const postJson = (url: string, body: unknown, headers: Record<string, string> = {}): HttpRequest => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
