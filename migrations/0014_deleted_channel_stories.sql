ALTER TABLE `deleted_channels` ADD `stories` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
UPDATE `deleted_channels` SET `stories` = (SELECT json_group_array(DISTINCT `story`) FROM `deliveries` WHERE `channel` = `deleted_channels`.`id`);
