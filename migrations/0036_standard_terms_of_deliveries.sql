ALTER TABLE `deleted_channels` RENAME COLUMN "stories" TO "dedup_keys";--> statement-breakpoint
ALTER TABLE `deliveries` RENAME COLUMN "story" TO "dedup_key";--> statement-breakpoint
ALTER TABLE `deliveries` RENAME COLUMN "severe" TO "critical";--> statement-breakpoint
ALTER TABLE `monitors` RENAME COLUMN "severe" TO "critical";--> statement-breakpoint
DROP INDEX `deliveries_story`;--> statement-breakpoint
CREATE INDEX `deliveries_dedup_key` ON `deliveries` (`dedup_key`,`channel`,`number`);--> statement-breakpoint
UPDATE `deliveries` SET `state` = 'failed' WHERE `state` = 'dead';--> statement-breakpoint
UPDATE `deliveries` SET `state` = 'suppressed' WHERE `state` = 'skipped';--> statement-breakpoint
UPDATE `deliveries` SET `recipients` = replace(replace(`recipients`, '"state":"passing"', '"state":"transient"'), '"state":"left-out"', '"state":"suppressed"') WHERE `recipients` IS NOT NULL;--> statement-breakpoint
UPDATE `deliveries` SET `message` = json_set(json_remove(`message`, '$.story'), '$.dedupKey', `message` ->> '$.story') WHERE `message` ->> '$.story' IS NOT NULL;--> statement-breakpoint
UPDATE `delivery_attempts` SET `state` = 'transient' WHERE `state` = 'passing';--> statement-breakpoint
UPDATE `channels` SET `quiet_hours` = replace(`quiet_hours`, '"exceptSevere":', '"exceptCritical":') WHERE `quiet_hours` IS NOT NULL;--> statement-breakpoint
UPDATE `incident_events` SET `kind` = 'suppressed' WHERE `kind` = 'withheld';--> statement-breakpoint
UPDATE `verdict_changes` SET `explanation` = replace(`explanation`, '"withheld":', '"suppressed":') WHERE `explanation` IS NOT NULL;--> statement-breakpoint
UPDATE `audit_entries` SET `detail` = replace(replace(`detail`, '"field":"severe"', '"field":"critical"'), '"exceptSevere":', '"exceptCritical":') WHERE `action` LIKE 'monitor.%' OR `action` LIKE 'channel.%';
