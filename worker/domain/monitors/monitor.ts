import { z } from 'zod';
import { defaultRegions, normalizeRegions, regions } from '../checks/region.ts';
import { intervalsSeconds } from '../checks/schedule.ts';
import { parseStatusRanges } from '../checks/statusCodes.ts';
import { type TargetRules, targetProblem } from '../checks/target.ts';
import { hasClearLine, nameField } from '../fields/name.ts';
import { tagField } from '../fields/tag.ts';
import { policyFields, policyFieldsWithDefaults } from '../verdict/policyFields.ts';
import { contradictions, type Together } from './contradictions.ts';
import { maxDependencies } from './dependencies.ts';
import { runbookField } from './runbook.ts';

export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What the API shows in place of a stored secret, and what a change sends back to keep it. */
export const maskedSecret = '••••••••';

/** What is said of a stored secret that a change would send to another origin. */
export const enterAgain = 'The address has another origin now, so enter this value again.';

/** Set by the runtime on every request, or meaningful only to one hop. https://fetch.spec.whatwg.org/#forbidden-request-header */
const reservedHeaders = [
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
  'cdn-loop',
  'cf-connecting-ip',
  'cf-ray',
  'cf-visitor',
  'cf-worker',
  // Within a zone the platform takes it for the client's address.
  'x-real-ip',
];

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'A header name can contain only letters, digits and hyphens.')
  .refine(
    (name) => !reservedHeaders.includes(name.toLowerCase()),
    'The platform sets this header, so it cannot be chosen.',
  );
const headerValue = z
  .string()
  .max(4096, 'A header value can have at most 4,096 characters.')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  .regex(/^[^\u0000-\u0008\u000a-\u001f\u007f]*$/, 'A header value cannot contain line breaks or control characters.');

/** What is wrong with a name, rather than that some key does not fit. */
const headersProblem = (issue: z.core.$ZodRawIssue) =>
  issue.code === 'invalid_key' ? issue.issues[0]?.message : 'Headers must be an object of names and values.';

const unique = (list: string[]) => [...new Set(list)];

const optionalText = (max: number, what: string) =>
  z
    .string()
    .max(max, `${what} is at most ${max.toLocaleString('en')} characters long.`)
    .nullable();

/** The fields that every kind of monitor has, and those of the kind `http`. Defaults apply on creation only. */
const fields = {
  kind: z.literal('http', 'The kind must be "http".'),
  name: nameField('monitor'),
  method: z.enum(httpMethods, `The method must be one of ${httpMethods.join(', ')}.`),
  headers: z
    .record(headerName, headerValue, { error: headersProblem })
    .refine((h) => Object.keys(h).length <= 32, 'At most 32 headers.'),
  body: optionalText(16_384, 'The body'),
  timeoutMs: z
    .int('The timeout must be a whole number of milliseconds.')
    .min(1_000, 'The timeout must be at least 1 second.')
    .max(60_000, 'The timeout can be at most 60 seconds.'),
  intervalSeconds: z.literal(intervalsSeconds, `Choose one of ${intervalsSeconds.join(', ')} seconds.`),
  regions: z
    .array(z.enum(regions, `A region must be one of ${regions.join(', ')}.`))
    .min(1, 'Choose at least one region.')
    .transform(normalizeRegions),
  expectedStatus: z
    .string()
    .max(200)
    .refine((text) => parseStatusRanges(text) !== null, 'Use codes and ranges such as 200-299, 301.'),
  maxRedirects: z.int().min(0, 'At least 0 redirects (0: not followed).').max(10, 'At most 10 redirects.'),
  bodyContains: optionalText(1_000, 'The text'),
  bodyNotContains: optionalText(1_000, 'The text'),
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
  severe: z.boolean('"severe" must be true or false.'),
  challengeCountsAsDown: z.boolean('"refusalsCountAsDown" must be true or false.'),
  sendToken: z.boolean('"sendToken" must be true or false.'),
};

const target = (rules: TargetRules | boolean) =>
  z
    .string('Enter the address to monitor.')
    .trim()
    .superRefine((url, ctx) => {
      const message =
        url === ''
          ? 'Enter the address to monitor.'
          : hasClearLine(url)
            ? targetProblem(url, rules)?.message
            : 'Remove control and text-direction characters from the address.';
      if (message) ctx.addIssue({ code: 'custom', message });
    });

/** Not of a field that is wrong by itself. */
const goesTogether = (input: Together, ctx: z.RefinementCtx) => {
  const wrong = ctx.issues.map(({ path }) => path?.[0]);
  for (const { path, message } of contradictions(input))
    if (!wrong.includes(path)) ctx.addIssue({ code: 'custom', path: [path], message });
};

/** Creation: only the URL is required; the name defaults to its host. */
export const createMonitorSchema = (rules: TargetRules | boolean) =>
  z
    .strictObject({
      ...fields,
      url: target(rules),
      kind: fields.kind.default('http'),
      name: fields.name.optional(),
      method: fields.method.default('GET'),
      headers: fields.headers.default({}),
      body: fields.body.default(null),
      timeoutMs: fields.timeoutMs.default(10_000),
      intervalSeconds: fields.intervalSeconds.default(30),
      regions: fields.regions.default(defaultRegions),
      expectedStatus: fields.expectedStatus.default('200-399'),
      maxRedirects: fields.maxRedirects.default(5),
      bodyContains: fields.bodyContains.default(null),
      bodyNotContains: fields.bodyNotContains.default(null),
      degradedAboveMs: fields.degradedAboveMs.default(null),
      tags: fields.tags.default([]),
      runbookUrl: fields.runbookUrl.default(null),
      ...policyFieldsWithDefaults,
      dependsOn: fields.dependsOn.default([]),
      escalationPolicyId: fields.escalationPolicyId.default(null),
      severe: fields.severe.default(false),
      challengeCountsAsDown: fields.challengeCountsAsDown.default(false),
      sendToken: fields.sendToken.default(false),
    })
    .superRefine(goesTogether);

/** Change: any subset. A header whose value is `maskedSecret`, or a body that is, keeps what is stored. */
export const changeMonitorSchema = (rules: TargetRules | boolean) =>
  z
    .strictObject({ ...fields, url: target(rules) })
    .omit({ kind: true })
    .partial()
    .superRefine(goesTogether);

export type CreateMonitor = z.infer<ReturnType<typeof createMonitorSchema>>;
export type CreateMonitorInput = z.input<ReturnType<typeof createMonitorSchema>>;
export type ChangeMonitor = z.infer<ReturnType<typeof changeMonitorSchema>>;
