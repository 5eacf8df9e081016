import { z } from 'zod';
import { normalizeRegions, regions } from '../checks/region.ts';
import { intervalsSeconds } from '../checks/schedule.ts';
import { nameField } from '../fields/name.ts';
import { tagField } from '../fields/tag.ts';
import { policyFields } from '../verdict/checkPolicyFields.ts';
import { maxDependencies } from './dependencies.ts';
import { runbookField } from './runbook.ts';

/** What the API shows in place of a stored secret, and what a change sends back to keep it. */
export const maskedSecret = '••••••••';

/** What is said of a stored secret that a change would send to another origin. */
export const enterAgain = 'The address has another origin now, so enter this value again.';

const unique = (list: string[]) => [...new Set(list)];

/** The fields that every kind of monitor has. */
export const monitorFields = {
  name: nameField('monitor'),
  timeoutMs: z
    .int('The timeout must be a whole number of milliseconds.')
    .min(1_000, 'The timeout must be at least 1 second.')
    .max(60_000, 'The timeout can be at most 60 seconds.'),
  intervalSeconds: z.literal(intervalsSeconds, `Choose one of ${intervalsSeconds.join(', ')} seconds.`),
  regions: z
    .array(z.enum(regions, `A region must be one of ${regions.join(', ')}.`))
    .min(1, 'Choose at least one region.')
    .transform(normalizeRegions),
  degradedAboveMs: z
    .int('A whole number of milliseconds.')
    .min(1, 'At least 1 ms.')
    .max(60_000, 'At most 60,000 ms.')
    .nullable(),
  tags: z.array(tagField).max(20, 'At most 20 tags.').transform(unique),
  runbookUrl: runbookField,
  ...policyFields,
  dependsOn: z
    .array(z.string().max(64, 'This is not a monitor id.'), 'The monitor ids must be a list.')
    .max(maxDependencies, `A monitor depends on at most ${maxDependencies} others.`)
    .transform(unique),
  escalationPolicyId: z
    .string('Use the id of an escalation policy, or null to select by tag or default.')
    .max(64, 'This is not a policy id.')
    .nullable(),
  critical: z.boolean('"critical" must be true or false.'),
};
