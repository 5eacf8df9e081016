import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { RecipientState } from '../../domain/delivery/recipient.ts';

/**
 * The addresses that the e-mail channels of a team name, or named: a recipient's decision outlives the channel. WITHOUT ROWID:
 * they are read by their key.
 */
export const recipients = sqliteTable(
  'recipients',
  {
    teamId: text('team_id').notNull(),
    /** Lower case, for comparison. */
    addressKey: text('address_key').notNull(),
    address: text().notNull(),
    state: text().$type<RecipientState>().notNull(),
    /** When the confirmation is to be sent, or tried again; null where it is not sent automatically. */
    askDueAt: integer('ask_due_at'),
    askAttempts: integer('ask_attempts').notNull().default(0),
    /** Time of the last confirmation mail. */
    askedAt: integer('asked_at'),
    /** Why the last one was not sent. */
    problem: text(),
    /** Named before confirmations existed: gets alerts until then. */
    graceUntil: integer('grace_until'),
    decidedAt: integer('decided_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.teamId, t.addressKey] }),
    index('recipients_due').on(t.askDueAt).where(sql`ask_due_at is not null`),
  ],
);

/** The links of confirmation mails. Only the hash of a token is stored. WITHOUT ROWID. */
export const recipientTokens = sqliteTable(
  'recipient_tokens',
  {
    hash: text().primaryKey(),
    teamId: text('team_id').notNull(),
    addressKey: text('address_key').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('recipient_tokens_expiry').on(t.expiresAt)],
);

/** Confirmation mails by mailbox and UTC day, of all teams together. WITHOUT ROWID. */
export const mailboxAsks = sqliteTable(
  'mailbox_asks',
  { mailbox: text().notNull(), day: integer().notNull(), count: integer().notNull() },
  (t) => [primaryKey({ columns: [t.day, t.mailbox] })],
);
