ALTER TABLE `deliveries` ADD `tried_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `digest` integer;--> statement-breakpoint
CREATE INDEX `deliveries_tried` ON `deliveries` (`channel`,`tried_at`) WHERE tried_at is not null;--> statement-breakpoint
CREATE INDEX `deliveries_digest` ON `deliveries` (`digest`) WHERE digest is not null;