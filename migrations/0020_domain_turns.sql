CREATE TABLE `domain_turns` (
	`domain` text PRIMARY KEY NOT NULL,
	`next_at` integer NOT NULL
);
