CREATE TABLE `database_storage` (
	`id` integer PRIMARY KEY NOT NULL,
	`size_bytes` integer NOT NULL,
	`measured_at` integer NOT NULL,
	`kept_since` integer DEFAULT 0 NOT NULL,
	`dropped_for_room` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE `dispatches` ADD `claim` text;