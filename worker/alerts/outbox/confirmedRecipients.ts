import { listRecipients } from '../../db/channels/recipients.ts';
import { mayReceive, notSentTo } from '../../domain/delivery/recipient.ts';
import { emailKey } from '../../domain/teams/account.ts';
import type { Services } from '../../services.ts';
import type { Settings } from '../channels/secrets.ts';
import type { SendResult } from './sendResult.ts';

/** A suppressed message: no recipient may get it; `problem` has the reason. */
export type Suppressed = Omit<SendResult, 'state' | 'recipients'> & { recipients?: undefined } & {
  state: 'suppressed';
  problem: string;
};

interface Allowed {
  /** The settings with only the recipients who may get alerts; null where there is none. */
  settings: Settings | null;
  /** Why the other recipients get nothing; empty where all do. */
  held: string;
}

/** Removes the recipients of an e-mail channel who have not confirmed, or have refused. Other kinds have none. */
export const confirmedRecipients = async (
  { config, d1, now }: Services,
  { kind, teamId }: { kind: string; teamId: string },
  settings: Settings,
): Promise<Allowed> => {
  // Missing mail configuration takes precedence: the team needs to know of it.
  if (kind !== 'email' || !config.mail || !Array.isArray(settings.to)) return { settings, held: '' };
  const addresses = settings.to.map(String);
  const rows = await listRecipients(d1, teamId, addresses.map(emailKey));
  const consentOf = (address: string) => rows.find(({ addressKey }) => addressKey === emailKey(address));
  const at = now();
  const allowed = addresses.filter((address) => mayReceive(consentOf(address), at));
  const held = addresses.filter((address) => !allowed.includes(address));
  const why = notSentTo(held.map((address) => ({ address, state: consentOf(address)?.state ?? 'waiting' })));
  return { settings: allowed.length > 0 ? { ...settings, to: allowed } : null, held: why };
};

export const suppressed = (problem: string): Suppressed => ({
  state: 'suppressed',
  status: null,
  problem,
  answer: '',
  latencyMs: 0,
  retryAfterMs: null,
});

/** The problem of a partial delivery names the recipients without it. */
export const noting = (result: SendResult, held: string): SendResult =>
  held === '' ? result : { ...result, answer: [result.answer, held].filter(Boolean).join('\n') };
