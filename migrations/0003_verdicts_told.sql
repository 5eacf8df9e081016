CREATE TABLE `audit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`at` integer NOT NULL,
	`author` text NOT NULL,
	`action` text NOT NULL,
	`monitor` integer,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_team` ON `audit_entries` (`team_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_monitor` ON `audit_entries` (`monitor`,`at`);--> statement-breakpoint
CREATE TABLE `maintenance_window_monitors` (
	`window_id` text NOT NULL,
	`monitor` integer NOT NULL,
	PRIMARY KEY(`window_id`, `monitor`),
	FOREIGN KEY (`window_id`) REFERENCES `maintenance_windows`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `maintenance_window_monitors_monitor` ON `maintenance_window_monitors` (`monitor`);--> statement-breakpoint
CREATE TABLE `maintenance_windows` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`title` text NOT NULL,
	`starts_at` text NOT NULL,
	`time_zone` text NOT NULL,
	`duration_seconds` integer NOT NULL,
	`rrule` text,
	`all_monitors` integer DEFAULT false NOT NULL,
	`tags` text NOT NULL,
	`effective_from` integer NOT NULL,
	`effective_until` integer,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `maintenance_windows_team` ON `maintenance_windows` (`team_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `monitor_dependencies` (
	`monitor` integer NOT NULL,
	`depends_on` integer NOT NULL,
	PRIMARY KEY(`monitor`, `depends_on`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `monitor_dependencies_on` ON `monitor_dependencies` (`depends_on`);--> statement-breakpoint
CREATE TABLE `region_distrusts` (
	`region` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer,
	`failing` integer NOT NULL,
	`monitors` integer NOT NULL,
	PRIMARY KEY(`region`, `since`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `reclassifications` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`monitor` integer NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`as` text NOT NULL,
	`reason` text NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	`revoked_by` text
);
--> statement-breakpoint
CREATE INDEX `reclassifications_monitor` ON `reclassifications` (`monitor`,`from_at`);--> statement-breakpoint
ALTER TABLE `monitors` ADD `quorum` text DEFAULT '"majority"' NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `confirmations` integer DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `recovery_confirmations` integer DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `degraded_confirmations` integer DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `confirmation_period_seconds` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `recovery_period_seconds` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `flapping_changes` integer DEFAULT 6 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `flapping_within_minutes` integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `flapping` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `teams` ADD `time_zone` text DEFAULT 'UTC' NOT NULL;--> statement-breakpoint
ALTER TABLE `teams` ADD `policy_changed_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `verdict_changes` ADD `explanation` text;