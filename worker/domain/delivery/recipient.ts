import { emailKey } from '../teams/account.ts';

/** Recipients of alerts by e-mail: only addresses that confirmed, because a team can name any address. */

/** `left`: by the link of an alert. Named once more, they are asked once more; who `refused` is not. */
export const recipientStates = ['waiting', 'confirmed', 'refused', 'left'] as const;
export type RecipientState = (typeof recipientStates)[number];

/** How long the link of a confirmation mail works, ms; as long as recipients from before confirmations still get alerts. */
export const confirmForMs = 30 * 86_400_000;

/** Confirmation mails to one mailbox in a day (UTC), whichever teams ask. */
export const maxAsksPerDay = 3;

/** After so many attempts a confirmation that limits kept back is no longer sent by itself: two weeks of daily limits. */
export const maxAskAttempts = 14;

/** Between two requests to send the confirmation again, ms. */
export const askAgainAfterMs = 10 * 60_000;

export interface Consent {
  state: RecipientState;
  /** A recipient from before confirmations gets alerts until then, ms since the epoch. */
  graceUntil: number | null;
}

export const mayReceive = (consent: Consent | undefined, now: number): boolean =>
  consent?.state === 'confirmed' || (consent?.state === 'waiting' && (consent.graceUntil ?? 0) > now);

const ignoresDots = ['gmail.com', 'googlemail.com'];

/** One key per mailbox with many spellings: without tags behind `+`, and without the dots that Gmail ignores. */
export const mailboxKey = (address: string): string => {
  const key = emailKey(address);
  const at = key.lastIndexOf('@');
  const domain = key.slice(at + 1);
  const [local = ''] = key.slice(0, at).split('+');
  return ignoresDots.includes(domain) ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`;
};

/** UTC day as a number, by which confirmation mails are counted. */
export const dayOf = (now: number): number => Math.floor(now / 86_400_000);

/** Why a message does not go to these addresses. */
export const notSentTo = (held: readonly { address: string; state: RecipientState }[]): string => {
  const named = (state: RecipientState) => held.filter((one) => one.state === state).map(({ address }) => address);
  const [waiting, refused, left] = [named('waiting'), named('refused'), named('left')];
  return [
    waiting.length > 0 ? `Unconfirmed recipients: ${waiting.join(', ')}.` : '',
    refused.length > 0 ? `Recipients who declined: ${refused.join(', ')}.` : '',
    left.length > 0 ? `Unsubscribed recipients: ${left.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
};
