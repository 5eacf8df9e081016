CREATE TABLE `incident_events` (
	`incident` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`author` text,
	`detail` text NOT NULL,
	PRIMARY KEY(`incident`, `at`, `kind`, `key`),
	FOREIGN KEY (`incident`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `incidents` ADD `acknowledged_at` integer;--> statement-breakpoint
ALTER TABLE `incidents` ADD `acknowledged_by` text;--> statement-breakpoint
ALTER TABLE `incidents` ADD `cause` text;--> statement-breakpoint
ALTER TABLE `incidents` ADD `post_mortem` text;