CREATE TABLE `cohort_memberships` (
	`monitor` integer NOT NULL,
	`since` integer NOT NULL,
	`cohort` integer NOT NULL,
	`until` integer,
	PRIMARY KEY(`monitor`, `since`, `cohort`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `cohorts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`interval_seconds` integer NOT NULL,
	`regions` text NOT NULL,
	`size` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `cohorts_class` ON `cohorts` (`interval_seconds`,`regions`,`size`);--> statement-breakpoint
CREATE TABLE `components` (
	`page_id` text NOT NULL,
	`monitor` integer NOT NULL,
	`position` integer NOT NULL,
	`public_name` text,
	PRIMARY KEY(`page_id`, `monitor`),
	FOREIGN KEY (`page_id`) REFERENCES `status_pages`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `components_monitor` ON `components` (`monitor`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`received_at` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dead_letters_received` ON `dead_letters` (`received_at`);--> statement-breakpoint
CREATE TABLE `dispatches` (
	`minute` integer PRIMARY KEY NOT NULL,
	`claimed_at` integer NOT NULL,
	`finished_at` integer,
	`messages` integer DEFAULT 0 NOT NULL,
	`checks` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`monitor` integer NOT NULL,
	`started_at` integer NOT NULL,
	`detected_at` integer NOT NULL,
	`ended_at` integer,
	`resolved_at` integer,
	`reason` text NOT NULL,
	`evidence` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_open` ON `incidents` (`monitor`) WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX `incidents_team` ON `incidents` (`team_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `incidents_monitor` ON `incidents` (`monitor`,`started_at`);--> statement-breakpoint
CREATE TABLE `members` (
	`team_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`user_id`, `team_id`),
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `monitors` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`team_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`header_names` text NOT NULL,
	`has_body` integer NOT NULL,
	`sealed` text,
	`timeout_ms` integer NOT NULL,
	`interval_seconds` integer NOT NULL,
	`regions` text NOT NULL,
	`degraded_above_ms` integer,
	`tags` text NOT NULL,
	`cohort` integer,
	`verdict` text DEFAULT 'unknown' NOT NULL,
	`verdict_since` integer NOT NULL,
	`region_health` text DEFAULT '{}' NOT NULL,
	`suspect` integer DEFAULT false NOT NULL,
	`decision` integer DEFAULT 0 NOT NULL,
	`slow_regions` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `monitors_id` ON `monitors` (`id`);--> statement-breakpoint
CREATE INDEX `monitors_team` ON `monitors` (`team_id`,`number`);--> statement-breakpoint
CREATE INDEX `monitors_cohort` ON `monitors` (`cohort`) WHERE cohort is not null;--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`refresh_hash` text NOT NULL,
	`previous_hash` text,
	`rotated_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `status_pages` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `status_pages_slug` ON `status_pages` (`slug`);--> statement-breakpoint
CREATE INDEX `status_pages_team` ON `status_pages` (`team_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `teams` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`watched_until` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tick_batches` (
	`cohort` integer NOT NULL,
	`slot` integer NOT NULL,
	`region` text NOT NULL,
	`lane` text NOT NULL,
	`ticks` text NOT NULL,
	PRIMARY KEY(`cohort`, `slot`, `region`, `lane`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email_key`);--> statement-breakpoint
CREATE TABLE `verdict_changes` (
	`monitor` integer NOT NULL,
	`since` integer NOT NULL,
	`at` integer NOT NULL,
	`verdict` text NOT NULL,
	PRIMARY KEY(`monitor`, `at`, `verdict`)
) WITHOUT ROWID;
