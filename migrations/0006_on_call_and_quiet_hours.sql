CREATE TABLE `on_call_schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`layers` text NOT NULL,
	`overrides` text NOT NULL,
	`feed_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `on_call_schedules_team` ON `on_call_schedules` (`team_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`channels` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `people_team` ON `people` (`team_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `dead_man_ping` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`failing_since` integer,
	`problem` text
);
--> statement-breakpoint
ALTER TABLE `channels` ADD `quiet_hours` text;--> statement-breakpoint
ALTER TABLE `channels` ADD `failure_told_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `severe` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `held_until` integer;--> statement-breakpoint
CREATE INDEX `deliveries_state` ON `deliveries` (`team_id`,`state`,`number`);--> statement-breakpoint
ALTER TABLE `escalation_policies` ADD `tags` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `severe` integer DEFAULT false NOT NULL;