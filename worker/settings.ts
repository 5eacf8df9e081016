import { z } from 'zod';
import { referenceProblem } from './domain/checks/references.ts';
import { targetProblem } from './domain/checks/target.ts';
import { parseEmailAddress } from './domain/fields/emailAddress.ts';
import { databaseLocations } from './domain/operations/databaseLocation.ts';
import { parseTeamLimits } from './domain/teams/limits.ts';
import { parseSignUpRule } from './domain/teams/signUpRule.ts';

export { databaseLocations } from './domain/operations/databaseLocation.ts';
export { teamLimits } from './domain/teams/limits.ts';

/**
 * Where a setting comes from.
 * - `variable`: `[vars]` of wrangler.toml, the same for every deployment.
 * - `key`: a secret that the local start and the deployment create at random where it is missing.
 * - `secret`: optional; a deployment keeps it. Also for what is not confidential but belongs to one installation alone.
 * - `binding`: of the platform, in wrangler.toml.
 * - `local`: given by the local start command alone.
 */
export type SettingKind = 'variable' | 'key' | 'secret' | 'binding' | 'local';

export interface Setting {
  kind: SettingKind;
  /** Shown in SETTINGS.md in place of the value in wrangler.toml; Markdown. */
  default?: string;
  /** Its effect, for SETTINGS.md; Markdown. Missing for settings that people never set. */
  meaning?: string;
  schema: z.ZodType;
}

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((v) => v === 'true');
const optionalUrl = z.union([z.url(), z.literal('')]).default('');
const text = z.string().trim().default('');
const days = (least: number, otherwise: number) => z.coerce.number().int().min(least).max(36_500).default(otherwise);
const key = (name: string) => z.string().min(32, `${name} is missing or shorter than 32 characters`);

/** Origins as a browser sends them, whatever slash or path was written behind. */
const origins = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.url().transform((url) => new URL(url).origin)));

/** `smtps:` is encrypted from the first byte, `smtp:` after STARTTLS, and `smtp+plain:` never, for one's own machine. */
const securities = { 'smtps:': 'tls', 'smtp:': 'starttls', 'smtp+plain:': 'none' } as const;
const ports = { tls: 465, starttls: 587, none: 25 } as const;

const smtp = text.transform((given, ctx) => {
  if (given === '') return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  const security = securities[url?.protocol as keyof typeof securities];
  if (url?.hostname && security)
    return {
      host: url.hostname,
      port: Number(url.port) || ports[security],
      security,
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  // Not quoted: it holds a password.
  ctx.addIssue('SMTP_URL is not of the form smtps://user:password@mail.example.com:465');
  return z.NEVER;
});

const deadManUrl = text.transform((given, ctx) => {
  if (given === '') return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url.href;
  // Not quoted: anyone who knows it can send heartbeats.
  ctx.addIssue('DEAD_MAN_URL is not of the form https://hc-ping.com/your-check');
  return z.NEVER;
});

const signUp = text.transform((given, ctx) => {
  const rule = parseSignUpRule(given);
  if (!('problem' in rule)) return rule;
  ctx.addIssue(
    `SIGN_UP is open, first, closed, or a list of e-mail domains such as example.com, example.org: ${rule.problem}`,
  );
  return z.NEVER;
});

/** Sent in a header, so plain characters without what would end its comment. */
const abuseContact = text.refine(
  (given) => given === '' || /^[\x21-\x27\x2a-\x5b\x5d-\x7e]{3,200}$/.test(given),
  'ABUSE_CONTACT is an e-mail address or a web address, without spaces and brackets',
);

/** `Name <address>`, or the address alone, as it stands in a header. */
const mailbox = (name: string) =>
  text.refine((given) => {
    const [, , address = given] = /^([^<>\p{Cc}]*)<([^<>]+)>$/u.exec(given) ?? [];
    return given === '' || 'address' in parseEmailAddress(address);
  }, `${name} is an e-mail address, or of the form Operations <ops@example.com>`);

const limitNumbers = text.transform((given, ctx) => {
  const numbers = parseTeamLimits(given);
  if (!('problem' in numbers)) return numbers;
  ctx.addIssue(`TEAM_LIMITS: ${numbers.problem}`);
  return z.NEVER;
});

/**
 * Made to be asked whether the network is there (but for the last), by operators whose networks do not depend on one
 * another, nor on Cloudflare.
 */
const defaultReferences = [
  'https://www.gstatic.com/generate_204',
  'https://captive.apple.com/hotspot-detect.html',
  'http://www.msftconnecttest.com/connecttest.txt',
  'https://checkip.amazonaws.com/',
  'https://www.wikimedia.org/robots.txt',
].join(',');

const references = z
  .string()
  .trim()
  .default(defaultReferences)
  .transform((given, ctx) => {
    const urls = given === 'none' ? [] : given.split(/[\s,]+/).filter(Boolean);
    const wrong = urls.find((url) => targetProblem(url, true) !== null);
    const problem = wrong === undefined ? referenceProblem(urls) : `holds "${wrong}", which is not a web address`;
    if (problem === null) return urls.map((url) => new URL(url).href);
    ctx.addIssue(`REFERENCE_TARGETS ${problem}`);
    return z.NEVER;
  });

/**
 * Every setting of the worker. From this list the worker parses its environment (config.ts), the local start and the
 * deployment take theirs (.scripts/lib/settings.ts), and `npm run types` writes the tables of SETTINGS.md.
 */
export const settings = {
  PUBLIC_ORIGIN: {
    kind: 'variable',
    default: 'set by `npm start` and `npm run deploy`',
    meaning: 'Address of the dashboard; the API refuses writes from other origins',
    schema: z.url(),
  },
  ALLOWED_ORIGINS: {
    kind: 'variable',
    meaning: 'Further origins that may call the API from a browser, comma-separated',
    schema: origins,
  },
  SIGN_UP: {
    kind: 'variable',
    meaning:
      'Who can sign up: `open` (everybody), `first` (only the first person), `closed` (nobody), or e-mail domains such as `example.com, example.org`',
    schema: signUp,
  },
  BCRYPT_COST: {
    kind: 'variable',
    meaning: 'Cost of password hashes, 4 to 14; 10 takes about 60 ms of CPU',
    schema: z.coerce.number().int().min(4).max(14).default(10),
  },
  BREACHED_PASSWORDS_URL: {
    kind: 'variable',
    default: 'Have I Been Pwned; `npm start`: none',
    meaning:
      'Service that lists stolen passwords; a sign-up sends it the first five digits of a SHA-1 hash. Empty turns this off',
    schema: optionalUrl,
  },
  ALLOW_PRIVATE_TARGETS: {
    kind: 'variable',
    default: '`false`; `npm start`: `true`',
    meaning: 'Whether monitors may watch private and local addresses. Never enable this where strangers can sign up',
    schema: flag,
  },
  PROBER_SHARDS: {
    kind: 'variable',
    meaning: 'Prober objects per region and lane; one call takes 25 to 30 checks and runs five or six at a time',
    schema: z.coerce.number().int().min(1).max(1000).default(64),
  },
  DATA_CENTRE_URL: {
    kind: 'variable',
    default: 'Cloudflare’s trace page; `npm start`: none',
    meaning: 'Page that names the data centre of a Prober. Empty turns this off',
    schema: optionalUrl,
  },
  REFERENCE_TARGETS: {
    kind: 'variable',
    default: 'five addresses, of Google, Apple, Microsoft, Amazon and Wikimedia',
    meaning:
      'Three to six addresses on different domains, comma-separated, which prove that a region is broken; requested only while a region is suspect. With `none` a majority of teams decides if `SIGN_UP` is `first` or `closed`; otherwise no region is distrusted while there are several teams',
    schema: references,
  },
  D1_LOCATION: {
    kind: 'variable',
    default: 'near the first deployer',
    meaning:
      'Where `npm run deploy` creates the database: `weur`, `eeur`, `apac`, `oc`, `wnam` or `enam`. Choose the place nearest to most readers; it cannot be moved later (`.scripts/README.md`). Monitor, Outbox and Feed objects are created beside it',
    schema: z
      .enum(['', ...databaseLocations], `D1_LOCATION is one of ${databaseLocations.join(', ')}, or empty`)
      .default(''),
  },
  TICK_DAYS: {
    kind: 'variable',
    meaning:
      'Days for which single checks are kept, at least 2; uptime, verdicts and incidents stay. A monitor in three regions at 30 s takes about 0.4 MB a day. From 80 % of `D1_MAX_MB` on the oldest checks go earlier, but never those of the last day',
    schema: days(2, 90),
  },
  D1_MAX_MB: {
    kind: 'variable',
    meaning: 'Maximum size of the database in MB: 10000 on the paid plan, 500 on the free plan',
    schema: z.coerce.number().int().min(1).max(10_000).default(10_000),
  },
  DELIVERY_DAYS: {
    kind: 'variable',
    meaning: 'Days for which deliveries and dead letters are kept, at least 7; those of ongoing problems stay',
    schema: days(7, 90),
  },
  AUDIT_DAYS: {
    kind: 'variable',
    meaning: 'Days for which the audit trail is kept, at least 30',
    schema: days(30, 400),
  },
  ABUSE_CONTACT: {
    kind: 'secret',
    meaning:
      'E-mail or web address at which owners of targets reach you; the User-Agent of every check contains it. Set it where strangers can sign up',
    schema: abuseContact,
  },
  DOMAIN_REQUESTS_PER_SECOND: {
    kind: 'variable',
    default: '`20`; `npm start`: `10000`',
    meaning:
      'Maximum number of checks that one registrable domain receives per second from all teams together. A quarter is reserved for on-demand checks and confirmations; Pharos makes regular checks beyond the rest less often',
    schema: z.coerce.number().int().min(1).max(100_000).default(20),
  },
  STATUS_PAGE_SECONDS: {
    kind: 'variable',
    default: '`10`; `npm start`: `0`',
    meaning:
      'Seconds for which a status page is fresh; visitors see a change within three times as long. With 0 each view reads the database',
    schema: z.coerce.number().int().min(0).max(300).default(10),
  },
  TEAM_LIMITS: {
    kind: 'variable',
    meaning: 'Limits of every team that differ from the defaults below, such as `monitors=2000, statusPages=50`',
    schema: limitNumbers,
  },
  SESSION_SECRET: {
    kind: 'key',
    meaning:
      'Signs sessions and links; at least 32 characters. `npm run rotate-keys` replaces it without signing anybody out',
    schema: key('SESSION_SECRET'),
  },
  SESSION_SECRET_2: {
    kind: 'secret',
    meaning:
      'Second place for `SESSION_SECRET`: the newer one signs, both verify. Only `npm run rotate-keys` should set it',
    schema: text,
  },
  ENCRYPTION_KEY: {
    kind: 'key',
    meaning:
      'Encrypts the secrets of monitors and channels; at least 32 characters. They are lost without it, so keep a copy if you set it yourself',
    schema: key('ENCRYPTION_KEY'),
  },
  ENCRYPTION_KEY_2: {
    kind: 'secret',
    meaning:
      'Second place for `ENCRYPTION_KEY`: the newer one encrypts, both decrypt. Only `npm run rotate-keys` should set it',
    schema: text,
  },
  VAPID_PUBLIC_KEY: {
    kind: 'key',
    meaning: 'With `VAPID_PRIVATE_KEY` the key pair that identifies this Pharos to browsers',
    schema: text,
  },
  VAPID_PRIVATE_KEY: {
    kind: 'key',
    meaning: 'The other half. After a change every browser must be added again',
    schema: text,
  },
  MAIL_FROM: {
    kind: 'secret',
    meaning: 'Sender of mail: an address, or `Pharos <alerts@example.com>`',
    schema: text,
  },
  MAIL_REPLY_TO: {
    kind: 'secret',
    meaning: 'Where replies to mail go, in the same forms; by default to the sender',
    schema: mailbox('MAIL_REPLY_TO'),
  },
  RESEND_API_KEY: { kind: 'secret', meaning: 'Sends mail through Resend', schema: text },
  SMTP_URL: {
    kind: 'secret',
    meaning:
      'Sends mail through SMTP: `smtps://user:password@mail.example.com:465`, or `smtp://…:587` for STARTTLS. Both need a certificate for that name from a public authority; Pharos sends nothing without encryption',
    schema: smtp,
  },
  EMAIL: {
    kind: 'binding',
    meaning: 'A `send_email` binding in `wrangler.toml`: sends mail through Cloudflare if neither of the two is set',
    schema: z.unknown(),
  },
  VAPID_SUBJECT: {
    kind: 'secret',
    meaning: 'How push services of browsers reach you, `mailto:` or `https:`; by default the address of the dashboard',
    schema: z
      .union([z.literal(''), z.string().regex(/^(mailto:|https:)/, 'VAPID_SUBJECT must start with mailto: or https:')])
      .default(''),
  },
  DEAD_MAN_URL: {
    kind: 'secret',
    meaning:
      'Dead man’s switch: Pharos sends a GET there once a minute while it can send alerts, so that another service notices its silence. An `https:` address outside of Pharos',
    schema: deadManUrl,
  },
  LOCAL_FAULTS_URL: { kind: 'local', schema: optionalUrl },
  LOCAL_RUNTIME: { kind: 'local', schema: flag },
  STRICT_RESPONSES: { kind: 'local', schema: flag },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

type Shape = { [Name in SettingName]: (typeof settings)[Name]['schema'] };

/** The schemas by name, for `z.object`. */
export const settingsShape = Object.fromEntries(
  Object.entries(settings).map(([name, setting]) => [name, setting.schema]),
) as Shape;
