import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import type { Judgement } from '../answers/vendorAnswers.ts';
import type { ChannelContext } from '../channels/channel.ts';
import type { AddressRules } from './address.ts';

export const defaultTimeoutMs = 10_000;

/** The team's daily limit of recipients is used up until then, ms since the epoch. */
export interface Refusal {
  problem: string;
  until: number;
}

export interface SendDeps {
  now: () => number;
  rules: AddressRules;
  context: Omit<ChannelContext, 'now'>;
  timeoutMs?: number;
  /** Takes recipients from the team's daily limit; returns the reason where it is used up. No limit where omitted. */
  mailAllowance?: { take(recipients: number): Promise<Refusal | null>; giveBack(recipients: number): Promise<void> };
  /** Tests only: stands in for the origin of every request, after its address has been checked. */
  baseUrl?: string;
}

/** One attempt. None of its texts contains a secret of the settings or of the configuration. */
export interface SendResult {
  state: Judgement['state'];
  /** HTTP status, or the code of an SMTP reply; null where there was no response. */
  status: number | null;
  /** For people; null where it was delivered to every recipient. */
  problem: string | null;
  /** The first 1 KiB of the response. */
  answer: string;
  latencyMs: number;
  /** Retry delay that the receiver asks for, at most an hour; null for none. */
  retryAfterMs: number | null;
  /** For e-mail: the result for each recipient of the attempt. */
  recipients?: RecipientResult[];
  /** For a response after which the message may have arrived: how often it may be sent again. No limit where omitted. */
  repeatsAtMost?: number;
  /** The receiver has ended permanently. */
  isGone?: true;
}

/** Result of one transport (HTTP, mail). */
export type Attempt = Omit<SendResult, 'latencyMs' | 'retryAfterMs'> & {
  retryAfterMs?: number | null;
  /** A limit of the team refused it before it was sent, until then, ms since the epoch. */
  limitedUntil?: number;
  /** Of several mails in one request: the refused ones (`Judgement.refused`). */
  refusedAt?: NonNullable<Judgement['refused']>;
};

/** It cannot be sent, now or later. */
export const refused = (problem: string): Attempt => ({ state: 'permanent', status: null, problem, answer: '' });
