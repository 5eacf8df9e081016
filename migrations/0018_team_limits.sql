CREATE TABLE `team_allowances` (
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`period_start` integer NOT NULL,
	`used` integer NOT NULL,
	PRIMARY KEY(`team_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `team_limits` (
	`team_id` text NOT NULL,
	`name` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`team_id`, `name`)
);
