DROP INDEX `monitors_cohort`;--> statement-breakpoint
ALTER TABLE `monitors` ADD `domain` text;--> statement-breakpoint
ALTER TABLE `monitors` ADD `stretch` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `monitors` ADD `stretched_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `monitors_without_domain` ON `monitors` (`number`) WHERE domain is null;--> statement-breakpoint
CREATE INDEX `monitors_domain` ON `monitors` (`domain`,`team_id`,`interval_seconds`,`regions`,`stretch`,`cohort`) WHERE cohort is not null and domain is not null;--> statement-breakpoint
CREATE INDEX `monitors_cohort` ON `monitors` (`cohort`,`stretch`) WHERE cohort is not null;--> statement-breakpoint
ALTER TABLE `domain_turns` ADD `regular_per_hour` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `domain_turns_regular` ON `domain_turns` (`domain`) WHERE regular_per_hour > 0;