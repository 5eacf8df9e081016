ALTER TABLE `deliveries` ADD `recipients` text;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `rest_due_at` integer;--> statement-breakpoint
CREATE INDEX `deliveries_rest` ON `deliveries` (`channel`,`rest_due_at`) WHERE rest_due_at is not null;--> statement-breakpoint
CREATE INDEX `deliveries_rest_due` ON `deliveries` (`rest_due_at`) WHERE rest_due_at is not null;