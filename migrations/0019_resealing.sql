CREATE TABLE `resealing` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`since` integer NOT NULL,
	`pass_at` integer NOT NULL,
	`part` integer NOT NULL,
	`after` text NOT NULL,
	`resealed` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`done_at` integer
);
