DROP INDEX `monitors_domain`;--> statement-breakpoint
ALTER TABLE `monitors` ADD `place` integer;--> statement-breakpoint
ALTER TABLE `monitors` ADD `redirect_domains` text;--> statement-breakpoint
CREATE INDEX `monitors_placed` ON `monitors` (`cohort`) WHERE cohort is not null and place is not null;--> statement-breakpoint
CREATE INDEX `monitors_redirected` ON `monitors` (`number`) WHERE cohort is not null and redirect_domains is not null;--> statement-breakpoint
CREATE INDEX `monitors_domain` ON `monitors` (`domain`,`team_id`,`interval_seconds`,`regions`,`stretch`,`place`,`cohort`) WHERE cohort is not null and domain is not null;