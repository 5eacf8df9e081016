CREATE TABLE `channels` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`sealed` text,
	`failing_since` integer,
	`failure` text,
	`delivered_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `channels_team` ON `channels` (`team_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`team_id` text NOT NULL,
	`monitor` integer NOT NULL,
	`story` text NOT NULL,
	`incident` text,
	`channel` text NOT NULL,
	`event` text NOT NULL,
	`round` integer NOT NULL,
	`step` integer NOT NULL,
	`state` text NOT NULL,
	`message` text NOT NULL,
	`created_at` integer NOT NULL,
	`next_attempt_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`tried_since` integer,
	`settled_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_id` ON `deliveries` (`id`);--> statement-breakpoint
CREATE INDEX `deliveries_team` ON `deliveries` (`team_id`,`number`);--> statement-breakpoint
CREATE INDEX `deliveries_story` ON `deliveries` (`story`,`channel`,`number`);--> statement-breakpoint
CREATE INDEX `deliveries_incident` ON `deliveries` (`incident`,`number`);--> statement-breakpoint
CREATE INDEX `deliveries_channel` ON `deliveries` (`channel`,`number`);--> statement-breakpoint
CREATE INDEX `deliveries_open` ON `deliveries` (`channel`,`number`) WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_attempt_at`) WHERE settled_at is null;--> statement-breakpoint
CREATE TABLE `delivery_attempts` (
	`delivery` integer NOT NULL,
	`at` integer NOT NULL,
	`state` text NOT NULL,
	`status` integer,
	`problem` text,
	`answer` text NOT NULL,
	`latency_ms` integer NOT NULL,
	PRIMARY KEY(`delivery`, `at`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `escalation_policies` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`is_default` integer NOT NULL,
	`steps` text NOT NULL,
	`repeat` integer NOT NULL,
	`pause_seconds` integer NOT NULL,
	`remind_every_minutes` integer,
	`events` text NOT NULL,
	`tell_acknowledgement` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `escalation_policies_default` ON `escalation_policies` (`team_id`) WHERE is_default = 1;--> statement-breakpoint
CREATE INDEX `escalation_policies_team` ON `escalation_policies` (`team_id`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `monitors` ADD `escalation_policy` text;