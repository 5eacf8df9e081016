CREATE TABLE `mailbox_asks` (
	`mailbox` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `mailbox`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `recipient_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`address_key` text NOT NULL,
	`expires_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `recipient_tokens_expiry` ON `recipient_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `recipients` (
	`team_id` text NOT NULL,
	`address_key` text NOT NULL,
	`address` text NOT NULL,
	`state` text NOT NULL,
	`ask_due_at` integer,
	`ask_attempts` integer DEFAULT 0 NOT NULL,
	`asked_at` integer,
	`problem` text,
	`grace_until` integer,
	`decided_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`team_id`, `address_key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `recipients_due` ON `recipients` (`ask_due_at`) WHERE ask_due_at is not null;--> statement-breakpoint
CREATE TABLE `sign_in_failures` (
	`subject` text NOT NULL,
	`until` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`subject`, `until`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sign_in_failures_until` ON `sign_in_failures` (`until`);--> statement-breakpoint
CREATE TABLE `sign_in_places` (
	`user_id` text NOT NULL,
	`place` text NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `place`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `users` ADD `email_confirmed_at` integer;--> statement-breakpoint
-- Recipients from before confirmations keep getting alerts for 30 days, and are asked from now on.
INSERT OR IGNORE INTO `recipients` (`team_id`, `address_key`, `address`, `state`, `ask_due_at`, `grace_until`, `created_at`)
SELECT c.`team_id`, lower(t.value), t.value, 'waiting', CAST(unixepoch() AS INTEGER) * 1000,
  (CAST(unixepoch() AS INTEGER) + 30 * 86400) * 1000, CAST(unixepoch() AS INTEGER) * 1000
FROM `channels` AS c, json_each(c.`settings`, '$.to') AS t
WHERE c.`kind` = 'email';
