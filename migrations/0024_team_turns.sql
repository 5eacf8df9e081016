CREATE TABLE `team_turns` (
	`domain` text NOT NULL,
	`team_id` text NOT NULL,
	`held_ms` integer NOT NULL,
	`at` integer NOT NULL,
	`until_at` integer NOT NULL,
	PRIMARY KEY(`domain`, `team_id`)
) WITHOUT ROWID;
