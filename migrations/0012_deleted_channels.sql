CREATE TABLE `deleted_channels` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`sealed` text,
	`deleted_at` integer NOT NULL
) WITHOUT ROWID;
