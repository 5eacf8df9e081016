ALTER TABLE `monitors` DROP COLUMN `header_names`;--> statement-breakpoint
ALTER TABLE `monitors` DROP COLUMN `has_body`;