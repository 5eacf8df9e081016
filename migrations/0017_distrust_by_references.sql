CREATE TABLE `region_reviews` (
	`region` text PRIMARY KEY NOT NULL,
	`review_at` integer DEFAULT 0 NOT NULL,
	`looked_at` integer DEFAULT 0 NOT NULL,
	`look` text DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
ALTER TABLE `region_distrusts` ADD `references_failing` integer;--> statement-breakpoint
ALTER TABLE `region_distrusts` ADD `reference_count` integer;