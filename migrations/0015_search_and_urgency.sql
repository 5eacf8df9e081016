ALTER TABLE `monitors` ADD `search_text` text;--> statement-breakpoint
ALTER TABLE `monitors` ADD `urgency` integer GENERATED ALWAYS AS (CASE verdict WHEN 'down' THEN 5 WHEN 'degraded' THEN 4 WHEN 'unknown' THEN 3 WHEN 'up' THEN 2 WHEN 'maintenance' THEN 1 ELSE 0 END) VIRTUAL NOT NULL;--> statement-breakpoint
CREATE INDEX `monitors_urgency` ON `monitors` (`team_id`,`urgency`);--> statement-breakpoint
CREATE INDEX `monitors_unsearchable` ON `monitors` (`number`) WHERE search_text is null;