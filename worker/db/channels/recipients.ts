import type { RecipientState } from '../../domain/delivery/recipient.ts';

/** Recipients of e-mail channels, and their consent. Times are ms since the epoch. */

export interface RecipientKey {
  teamId: string;
  addressKey: string;
}

export interface RecipientRow extends RecipientKey {
  address: string;
  state: RecipientState;
  askDueAt: number | null;
  askAttempts: number;
  askedAt: number | null;
  problem: string | null;
  graceUntil: number | null;
  decidedAt: number | null;
}

/** Of `recipients AS r`. */
export const recipientColumns = `r.team_id AS teamId, r.address_key AS addressKey, r.address, r.state, r.ask_due_at AS askDueAt,
  r.ask_attempts AS askAttempts, r.asked_at AS askedAt, r.problem, r.grace_until AS graceUntil, r.decided_at AS decidedAt`;

/** The confirmed address of an account needs no second confirmation. */
const isConfirmedAccount = `EXISTS (SELECT 1 FROM users AS u JOIN members AS m ON m.user_id = u.id
  WHERE m.team_id = c.team_id AND u.email_key = lower(named.value) AND u.email_confirmed_at IS NOT NULL)`;

/** For the batch that writes the channel, behind it: addresses that are new to the team need a confirmation. */
export const nameRecipients = (d1: D1Database, channelId: string, at: number): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT OR IGNORE INTO recipients (team_id, address_key, address, state, ask_due_at, decided_at, created_at)
       SELECT c.team_id, lower(named.value), named.value, iif(${isConfirmedAccount}, 'confirmed', 'waiting'),
         iif(${isConfirmedAccount}, NULL, ?2), iif(${isConfirmedAccount}, ?2, NULL), ?2
       FROM channels AS c, json_each(c.settings, '$.to') AS named WHERE c.id = ?1 AND c.kind = 'email'`,
    )
    .bind(channelId, at);

/** In SQL, of a recipient `r`: a channel names it. */
export const isNamed = `EXISTS (SELECT 1 FROM channels AS c, json_each(c.settings, '$.to') AS named
  WHERE c.team_id = r.team_id AND c.kind = 'email' AND lower(named.value) = r.address_key)`;

/** As it was read: nothing changes where somebody else has changed it since. */
interface ChangedChannel {
  id: string;
  updatedAt: number;
}

/**
 * For the same batch, before the channel is written: recipients who unsubscribed and whom no channel names must confirm again
 * where `to` names them.
 */
export const readmitRecipients = (
  d1: D1Database,
  { teamId, to, changes = null }: { teamId: string; to: readonly string[]; changes?: ChangedChannel | null },
  at: number,
): D1PreparedStatement =>
  d1
    .prepare(
      `UPDATE recipients AS r SET state = 'waiting', ask_due_at = ?3, ask_attempts = 0, decided_at = NULL, problem = NULL
       WHERE r.team_id = ?1 AND r.state = 'left' AND NOT ${isNamed}
         AND r.address_key IN (SELECT lower(value) FROM json_each(?2))
         AND (?4 IS NULL OR EXISTS (SELECT 1 FROM channels WHERE id = ?4 AND updated_at = ?5))`,
    )
    .bind(teamId, JSON.stringify(to), at, changes?.id ?? null, changes?.updatedAt ?? null);

/** Those of these addresses (lower case) that the team has used. */
export const listRecipients = async (
  d1: D1Database,
  teamId: string,
  addressKeys: readonly string[],
): Promise<RecipientRow[]> => {
  if (addressKeys.length === 0) return [];
  const { results } = await d1
    .prepare(
      `SELECT ${recipientColumns} FROM recipients AS r
       WHERE r.team_id = ?1 AND r.address_key IN (SELECT value FROM json_each(?2))`,
    )
    .bind(teamId, JSON.stringify(addressKeys))
    .all<RecipientRow>();
  return results;
};

/** Confirms the address for the account of the team that has it as well. */
export const decide = async (
  d1: D1Database,
  { teamId, addressKey }: RecipientKey,
  state: 'confirmed' | 'refused',
  now: number,
): Promise<void> => {
  await d1.batch([
    d1
      .prepare(
        `UPDATE recipients SET state = ?3, decided_at = ?4, ask_due_at = NULL, problem = NULL, grace_until = NULL
         WHERE team_id = ?1 AND address_key = ?2`,
      )
      .bind(teamId, addressKey, state, now),
    d1
      .prepare(
        `UPDATE users SET email_confirmed_at = iif(?3 = 'confirmed', ifnull(email_confirmed_at, ?4), NULL)
         WHERE email_key = ?2 AND EXISTS (SELECT 1 FROM members WHERE team_id = ?1 AND user_id = users.id)`,
      )
      .bind(teamId, addressKey, state, now),
  ]);
};

/** In SQL, of a channel `c`: it has a recipient in such a state. */
const hasRecipient = (state: string) => `EXISTS (SELECT 1 FROM json_each(c.settings, '$.to') AS named
  JOIN recipients AS r ON r.team_id = c.team_id AND r.address_key = lower(named.value) WHERE ${state})`;

/** In SQL, of a channel `c` at the time `at` (an expression, ms since the epoch): it has no active recipient. */
export const nobodyRemains = (at: string) => `(c.kind = 'email' AND ${hasRecipient("r.state = 'left'")}
  AND NOT ${hasRecipient(`r.state = 'confirmed' OR (r.state = 'waiting' AND ifnull(r.grace_until, 0) > ${at})`)})`;

const allLeft = 'All recipients of this channel have unsubscribed.';

/** The recipient gets no further alerts of the team. A channel without active recipients counts as failing. Idempotent. */
export const leave = async (d1: D1Database, { teamId, addressKey }: RecipientKey, now: number): Promise<void> => {
  await d1.batch([
    d1
      .prepare(
        `UPDATE recipients SET state = 'left', decided_at = ?3, ask_due_at = NULL, problem = NULL, grace_until = NULL
         WHERE team_id = ?1 AND address_key = ?2 AND state IN ('confirmed', 'waiting')`,
      )
      .bind(teamId, addressKey, now),
    d1
      .prepare(
        `UPDATE channels AS c SET failing_since = ifnull(failing_since, ?2), failure = ?3
         WHERE c.team_id = ?1 AND ${nobodyRemains('?2')}`,
      )
      .bind(teamId, now, allLeft),
  ]);
};
