ALTER TABLE `channels` RENAME COLUMN "failure_told_at" TO "failure_notified_at";--> statement-breakpoint
ALTER TABLE `escalation_policies` RENAME COLUMN "tell_acknowledgement" TO "notify_on_acknowledgement";--> statement-breakpoint
DROP INDEX `channels_failure_told`;--> statement-breakpoint
CREATE INDEX `channels_failure_notified` ON `channels` (`failure_notified_at`) WHERE failure_notified_at is not null;--> statement-breakpoint
UPDATE `incident_events` SET `kind` = 'notified' WHERE `kind` = 'told';--> statement-breakpoint
UPDATE `incident_events` SET `kind` = 'notification-failed' WHERE `kind` = 'not-told';--> statement-breakpoint
UPDATE `audit_entries` SET `detail` = replace(`detail`, '"field":"tellAcknowledgement"', '"field":"notifyOnAcknowledgement"') WHERE `action` LIKE 'policy.%';
