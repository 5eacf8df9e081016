import type { z } from 'zod';
import type { VendorAnswers } from '../answers/vendorAnswers.ts';
import type { Mail, MailTransport } from '../mail/mail.ts';
import type { AlertMessage } from '../messages/message.ts';
import type { AddressRules } from '../outbox/address.ts';

/** A request as data, so that what a channel sends can be read and tested without sending it. */
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

/** What is configured for the whole of Pharos. */
export interface ChannelContext {
  /** Ms since the epoch; signatures carry it. */
  now: number;
  publicOrigin: string;
  /** Null where the operator has not configured how mail is sent. */
  mail: MailTransport | null;
  /** Null where the operator has not configured Web Push. */
  vapid: VapidKeys | null;
  /** Where a recipient of e-mail can leave, by address; none where nobody can. */
  leaveUrls?: ReadonlyMap<string, string>;
}

/** A request beside the message, where the receiver keeps something open. It is sent in each attempt, and harmless twice. */
export interface Companion {
  /** `before`: the message waits until it came through, or was refused for good. `after`: a test ends what it opened. */
  when: 'before' | 'after';
  request: HttpRequest;
  answers: VendorAnswers;
  /** What people read where it fails: what was not done, in a sentence. */
  failed: string;
}

/** The longest text that the receiver takes; channels cut before, and never a link. */
export interface Limits {
  text: number;
  unit: 'characters' | 'bytes';
}

interface Definition<Schema extends z.ZodObject> {
  /** As people know it. */
  label: string;
  /** Where to get what the form asks for. */
  help: string;
  /** A strict object whose fields have `.meta()` of `FieldMeta`. */
  settings: (rules: AddressRules) => Schema;
  /** Settings that Pharos makes for a new channel where they are not given. They are told once, after its creation. */
  made?: () => Partial<z.input<Schema>>;
  limits: Limits;
  /** What the receiver does with the same key a second time. */
  dedupe: string;
  /**
   * What is sent. `key` names the delivery and is the same in every attempt. Throws `NotConfigured` where the operator
   * has to configure something first.
   */
  request: (
    message: AlertMessage,
    settings: z.output<Schema>,
    key: string,
    context: ChannelContext,
  ) => HttpRequest | Mail[] | Promise<HttpRequest | Mail[]>;
  /** What is sent beside the message; nothing where it is left out. */
  also?: (message: AlertMessage, settings: z.output<Schema>) => Companion[];
  /** What the vendor answers; a receiver of one's own, which has none, says by its status what became of a message. */
  answers?: VendorAnswers;
}

/** A channel whose settings have been forgotten by the type, so that all of them fit one table. */
export type Channel = Definition<z.ZodObject>;

/** Settings reach `request` only as the output of the channel's own schema (send.ts), which the table cannot say. */
export const defineChannel = <Schema extends z.ZodObject>(definition: Definition<Schema>): Channel =>
  definition as unknown as Channel;

/** The operator has to set something up; the message says what. */
export class NotConfigured extends Error {}

export const postJson = (url: string, body: unknown, headers: Record<string, string> = {}): HttpRequest => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
