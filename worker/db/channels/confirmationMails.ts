import { askAgainAfterMs, confirmForMs, dayOf, mailboxKey, maxAsksPerDay } from '../../domain/delivery/recipient.ts';
import { isNamed, type RecipientRow, recipientColumns } from './recipients.ts';

/** The mails that ask recipients for their consent. Times are ms since the epoch. */

/** Mails in one run of the cron, and in one request. */
const maxAsks = 50;

/** Recipients of all teams, of one team, or a single recipient. */
export interface AskScope {
  teamId?: string;
  addressKey?: string;
}

/**
 * Claims recipients that are due for a confirmation mail until `claimedUntil`; teams take turns. Recipients of a deleted channel
 * get no mail until a channel names them again and somebody sends the confirmation by hand.
 */
export const claimAsks = async (
  d1: D1Database,
  { teamId = '', addressKey = '' }: AskScope,
  now: number,
  claimedUntil: number,
): Promise<RecipientRow[]> => {
  const due = `SELECT r.team_id, r.address_key FROM recipients AS r
    WHERE r.ask_due_at <= ?1 AND r.state = 'waiting'
      AND (?3 = '' OR r.team_id = ?3) AND (?4 = '' OR r.address_key = ?4)
    ORDER BY row_number() OVER (PARTITION BY r.team_id ORDER BY r.ask_due_at, r.address_key), r.ask_due_at, r.team_id
    LIMIT ${maxAsks}`;
  const [, claimed] = await d1.batch<RecipientRow>([
    d1
      .prepare(
        `UPDATE recipients AS r SET ask_due_at = NULL
         WHERE (r.team_id, r.address_key) IN (${due}) AND NOT ${isNamed}`,
      )
      .bind(now, claimedUntil, teamId, addressKey),
    d1
      .prepare(
        `UPDATE recipients AS r SET ask_due_at = ?2, ask_attempts = ask_attempts + 1
         WHERE (r.team_id, r.address_key) IN (${due}) RETURNING ${recipientColumns.replaceAll('r.', '')}`,
      )
      .bind(now, claimedUntil, teamId, addressKey),
  ]);
  return claimed?.results ?? [];
};

/** Whether the mailbox refused the team's alerts, in any spelling of its address. */
export const hasMailboxRefused = async (d1: D1Database, { teamId, address }: RecipientRow): Promise<boolean> => {
  const { results } = await d1
    .prepare("SELECT address FROM recipients WHERE team_id = ?1 AND state = 'refused'")
    .bind(teamId)
    .all<{ address: string }>();
  return results.some((refused) => mailboxKey(refused.address) === mailboxKey(address));
};

/** Counts a mail to the mailbox; false where today's limit is reached. */
export const takeMailboxAsk = async (d1: D1Database, address: string, now: number): Promise<boolean> => {
  const row = await d1
    .prepare(
      `INSERT INTO mailbox_asks (mailbox, day, count) VALUES (?1, ?2, 1)
       ON CONFLICT DO UPDATE SET count = count + 1 WHERE count < ${maxAsksPerDay} RETURNING count`,
    )
    .bind(mailboxKey(address), dayOf(now))
    .first();
  return row !== null;
};

/** The mail was certainly not delivered. */
export const returnMailboxAsk = async (d1: D1Database, address: string, now: number): Promise<void> => {
  await d1
    .prepare('UPDATE mailbox_asks SET count = count - 1 WHERE mailbox = ?1 AND day = ?2 AND count > 0')
    .bind(mailboxKey(address), dayOf(now))
    .run();
};

/** Stored before the mail is sent, so that its link works whatever the result of the attempt. */
export const insertToken = async (d1: D1Database, hash: string, to: RecipientRow, now: number): Promise<void> => {
  await d1
    .prepare('INSERT INTO recipient_tokens (hash, team_id, address_key, expires_at) VALUES (?1, ?2, ?3, ?4)')
    .bind(hash, to.teamId, to.addressKey, now + confirmForMs)
    .run();
};

export interface Asked {
  askDueAt: number | null;
  /** Null where the mail was not sent. */
  askedAt: number | null;
  problem: string | null;
}

/** Result of a confirmation mail. Recipients who decided meanwhile are unchanged. */
export const recordAsk = async (
  d1: D1Database,
  { teamId, addressKey }: RecipientRow,
  { askDueAt, askedAt, problem }: Asked,
): Promise<void> => {
  await d1
    .prepare(
      `UPDATE recipients SET ask_due_at = ?3, asked_at = ifnull(?4, asked_at), problem = ?5,
         ask_attempts = iif(?3 IS NULL, 0, ask_attempts)
       WHERE team_id = ?1 AND address_key = ?2 AND state = 'waiting'`,
    )
    .bind(teamId, addressKey, askDueAt, askedAt, problem)
    .run();
};

/** Sends the confirmation again; false where it was sent a moment ago, or the recipient is not pending. */
export const askAgain = async (
  d1: D1Database,
  { teamId, addressKey }: { teamId: string; addressKey: string },
  now: number,
): Promise<boolean> => {
  const { meta } = await d1
    .prepare(
      `UPDATE recipients SET ask_due_at = ?3, ask_attempts = 0
       WHERE team_id = ?1 AND address_key = ?2 AND state = 'waiting' AND ifnull(asked_at, 0) <= ?4`,
    )
    .bind(teamId, addressKey, now, now - askAgainAfterMs)
    .run();
  return meta.changes > 0;
};

export interface FoundRecipient extends RecipientRow {
  expiresAt: number;
}

export const findByToken = (d1: D1Database, hash: string): Promise<FoundRecipient | null> =>
  d1
    .prepare(
      `SELECT ${recipientColumns}, t.expires_at AS expiresAt FROM recipient_tokens AS t
       JOIN recipients AS r ON r.team_id = t.team_id AND r.address_key = t.address_key WHERE t.hash = ?1`,
    )
    .bind(hash)
    .first<FoundRecipient>();

/** Deletes what no link and no limit needs any more; for another 30 days a link says that it has expired. */
export const purgeAsks = (d1: D1Database, now: number) =>
  d1.batch([
    d1.prepare('DELETE FROM recipient_tokens WHERE expires_at < ?1').bind(now - confirmForMs),
    d1.prepare('DELETE FROM mailbox_asks WHERE day < ?1').bind(dayOf(now)),
  ]);
