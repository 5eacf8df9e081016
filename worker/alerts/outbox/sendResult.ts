import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import type { Judgement } from '../answers/vendorAnswers.ts';
import type { ChannelContext } from '../channels/channel.ts';
import type { AddressRules } from './address.ts';

export const defaultTimeoutMs = 10_000;

/** The team may write to no more recipients until then, ms since the epoch. */
export interface Refusal {
  problem: string;
  until: number;
}

export interface SendDeps {
  now: () => number;
  rules: AddressRules;
  context: Omit<ChannelContext, 'now'>;
  timeoutMs?: number;
  /** Takes recipients from what the team may write to today; answers with the reason where it may not. Without it any number is right. */
  mailAllowance?: { take(recipients: number): Promise<Refusal | null>; giveBack(recipients: number): Promise<void> };
  /** Tests only: stands in for the origin of every request, after its address has been checked. */
  baseUrl?: string;
}

/** One attempt. None of its texts holds a secret of the settings or of the configuration. */
export interface SendResult {
  state: Judgement['state'];
  /** Of HTTP, or the code of an SMTP reply; null where no answer came. */
  status: number | null;
  /** For people; null where it was delivered, and to every recipient. */
  problem: string | null;
  /** The first 1 KiB of the answer. */
  answer: string;
  latencyMs: number;
  /** How long the receiver asks to wait, at most an hour; null where it does not. */
  retryAfterMs: number | null;
  /** Of e-mail: what became of it for each recipient that was tried. */
  recipients?: RecipientResult[];
  /** Of an answer after which the message may have arrived: how often it may be sent again. Left out for no limit. */
  repeatsAtMost?: number;
  /** The receiver has ended for good. */
  isGone?: true;
}

/** What one way of sending (HTTP, mail) finds out. */
export type Attempt = Omit<SendResult, 'latencyMs' | 'retryAfterMs'> & {
  retryAfterMs?: number | null;
  /** A limit of the team refused it before it left, until then, ms since the epoch. */
  limitedUntil?: number;
  /** Of several mails in one request: those that were refused (`Judgement.refused`). */
  refusedAt?: NonNullable<Judgement['refused']>;
};

/** It cannot be sent, now or later. */
export const refused = (problem: string): Attempt => ({ state: 'permanent', status: null, problem, answer: '' });
