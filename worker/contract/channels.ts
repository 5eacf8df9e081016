import type { ChannelKind } from '../domain/delivery/channelKind.ts';
import type { QuietHours } from '../domain/delivery/quietHours.ts';
import type { RecipientState } from '../domain/delivery/recipient.ts';

export type SettingValue = string | number | boolean | null | string[] | Record<string, string>;

/** Somebody who gets the mails of a channel once they have confirmed that they want them. */
export interface RecipientView {
  address: string;
  state: RecipientState;
  /** When the last mail that asks them left; null where none has. */
  askedAt: string | null;
  /** When they left by the link of an alert; null where they have not. */
  leftAt: string | null;
  /** From when another one can be sent; null where none is needed, or none will help. */
  askAgainFrom: string | null;
  /** One from before confirmations: gets alerts until then all the same. */
  receivesUntil: string | null;
  /** Why the mail did not leave. */
  problem: string | null;
  /** When it is sent again by itself; null where it left, or somebody has to send it by hand. */
  triesAgainAt: string | null;
}

export interface ChannelView {
  id: string;
  kind: ChannelKind;
  name: string;
  /** By the fields of its kind. What is secret is masked (`maskedSecret`); sending the mask back keeps what is stored. */
  settings: Record<string, SettingValue>;
  /** When it keeps still; null for never. */
  quietHours: QuietHours | null;
  /** The last delivery that was given up, or is being tried again; null once one has arrived since. */
  failing: {
    since: string;
    problem: string;
    /** It is more than a moment, or something was given up: the team is told through another channel. */
    keepsFailing: boolean;
  } | null;
  /** A browser that has ended its subscription: nothing is sent there until it subscribes again. */
  isGone: boolean;
  lastDeliveredAt: string | null;
  /** Of an e-mail channel; null for other kinds. */
  recipients: RecipientView[] | null;
  createdAt: string;
  updatedAt: string;
}

/** `GET /web-push`: with what a browser subscribes. */
export interface WebPushView {
  /** base64url, the `applicationServerKey` of a subscription. */
  publicKey: string;
}

/** `GET /channel-kinds`: what channels there are, and what each has to be told. */
export interface ChannelKindView {
  kind: ChannelKind;
  label: string;
  /** Where to get what the form asks for. */
  help: string;
  fields: {
    /** Of `settings`. */
    name: string;
    label: string;
    hint: string | null;
    placeholder: string | null;
    type: 'text' | 'multiline' | 'number' | 'checkbox' | 'choice' | 'list' | 'record';
    isSecret: boolean;
    /** Of a secret address the mask begins with its origin. */
    showsOrigin: boolean;
    isRequired: boolean;
    default: SettingValue;
    options: { value: string; label: string }[] | null;
  }[];
  /** What the operator has to set up first; null where nothing is missing. */
  missing: string | null;
}

/** What deleting a person or an on-call schedule answers: the policies that told it. */
export interface TargetDeletedView {
  removedFrom: { id: string; name: string; tellsNobody: boolean }[];
}

/** What `DELETE /channels/:id` answers: also whom the channel reached, and whether another one does. */
export interface ChannelDeletedView extends TargetDeletedView {
  people: { id: string; name: string; isReached: boolean }[];
}
