ALTER TABLE `monitors` ADD `address` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- Settings of the kind http hold all that the kind has, secrets masked, as the API shows them
UPDATE `monitors` SET
  `address` = `settings` ->> '$.url',
  `settings` = json_set(`settings`,
    '$.headers', json((SELECT json_group_object(value, '••••••••') FROM json_each(`header_names`))),
    '$.body', iif(`has_body`, '••••••••', NULL),
    '$.challengeCountsAsDown', json(iif(`settings` ->> '$.challengeCountsAsDown', 'true', 'false')),
    '$.sendToken', json(iif(`settings` ->> '$.sendToken', 'true', 'false')));
