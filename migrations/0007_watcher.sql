ALTER TABLE `dead_letters` ADD `queue` text;--> statement-breakpoint
CREATE INDEX `channels_failing` ON `channels` (`failing_since`) WHERE failing_since is not null;--> statement-breakpoint
CREATE INDEX `channels_failure_told` ON `channels` (`failure_told_at`) WHERE failure_told_at is not null;--> statement-breakpoint
CREATE INDEX `deliveries_settled` ON `deliveries` (`settled_at`) WHERE settled_at is not null;