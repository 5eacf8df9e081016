import { z } from 'zod';
import type { VapidKeys } from './alerts/channels/channel.ts';
import type { MailTransport } from './alerts/mail/mail.ts';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((v) => v === 'true');
const optionalUrl = z.union([z.url(), z.literal('')]).default('');
/** Origins as a browser sends them, whatever slash or path was written behind. */
const origins = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.url().transform((url) => new URL(url).origin)));

const isLocal = (url: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

const text = z.string().trim().default('');

const mailHelp =
  'Set RESEND_API_KEY, or SMTP_URL (such as smtps://user:password@mail.example.com:465), or bind EMAIL (send_email) in wrangler.toml.';

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

const hostOf = (url: string) => new URL(url).host;

const deadManUrl = text.transform((given, ctx) => {
  if (given === '') return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url.href;
  // Not quoted: whoever knows it can send signs of life.
  ctx.addIssue('DEAD_MAN_URL is not of the form https://hc-ping.com/your-check');
  return z.NEVER;
});

const days = (least: number, otherwise: number) => z.coerce.number().int().min(least).max(36_500).default(otherwise);

const schema = z
  .object({
    PUBLIC_ORIGIN: z.url(),
    ALLOWED_ORIGINS: origins,
    SIGN_UP: z.enum(['open', 'first']).default('open'),
    BCRYPT_COST: z.coerce.number().int().min(4).max(14).default(10),
    ALLOW_PRIVATE_TARGETS: flag,
    PROBER_SHARDS: z.coerce.number().int().min(1).max(1000).default(64),
    DATA_CENTRE_URL: optionalUrl,
    SESSION_SECRET: z.string().min(32, 'SESSION_SECRET is missing or shorter than 32 characters'),
    ENCRYPTION_KEY: z.string().min(32, 'ENCRYPTION_KEY is missing or shorter than 32 characters'),
    MAIL_FROM: text,
    RESEND_API_KEY: text,
    SMTP_URL: smtp,
    EMAIL: z.custom<SendEmail>().optional(),
    VAPID_SUBJECT: z
      .union([z.literal(''), z.string().regex(/^(mailto:|https:)/, 'VAPID_SUBJECT begins with mailto: or https:')])
      .default(''),
    VAPID_PUBLIC_KEY: text,
    VAPID_PRIVATE_KEY: text,
    DEAD_MAN_URL: deadManUrl,
    DELIVERY_DAYS: days(7, 90),
    AUDIT_DAYS: days(30, 400),
    /** Set by the local start command alone, and in no file. */
    LOCAL_FAULTS_URL: optionalUrl,
  })
  .refine(
    ({ LOCAL_FAULTS_URL, PUBLIC_ORIGIN }) =>
      LOCAL_FAULTS_URL === '' || (isLocal(LOCAL_FAULTS_URL) && isLocal(PUBLIC_ORIGIN)),
    {
      path: ['LOCAL_FAULTS_URL'],
      message: 'LOCAL_FAULTS_URL makes probes fail on purpose: only a local copy may have it',
    },
  )
  .refine(({ DEAD_MAN_URL: url, PUBLIC_ORIGIN }) => !url || url.startsWith('https:') || isLocal(PUBLIC_ORIGIN), {
    path: ['DEAD_MAN_URL'],
    message: 'DEAD_MAN_URL has to begin with https:// because whoever reads it can send signs of life in your place',
  })
  .refine(({ DEAD_MAN_URL: url, PUBLIC_ORIGIN }) => !url || hostOf(url) !== hostOf(PUBLIC_ORIGIN), {
    path: ['DEAD_MAN_URL'],
    message: 'DEAD_MAN_URL leads to Pharos itself, which would fall silent with it. Use a service elsewhere',
  });

type Parsed = z.output<typeof schema>;

/** How mail leaves; null where the operator has not set it up. Throws where only half of it is there. */
const mailOf = ({
  MAIL_FROM: from,
  RESEND_API_KEY: apiKey,
  SMTP_URL: server,
  EMAIL: binding,
}: Parsed): MailTransport | null => {
  if (from === '' && (apiKey !== '' || server))
    throw new Error('The configuration is not usable. MAIL_FROM is missing.');
  if (from === '') return null;
  if (apiKey !== '') return { kind: 'resend', from, apiKey };
  if (server) return { kind: 'smtp', from, ...server };
  if (binding) return { kind: 'cloudflare', from, binding };
  throw new Error(`The configuration is not usable. MAIL_FROM is set, but there is no way to send. ${mailHelp}`);
};

/** Push services take no other address of the sender; that of a local copy is nobody's (RFC 2606). */
const subjectOf = ({ VAPID_SUBJECT, PUBLIC_ORIGIN }: Parsed) =>
  VAPID_SUBJECT || (PUBLIC_ORIGIN.startsWith('https:') ? new URL(PUBLIC_ORIGIN).origin : 'mailto:pharos@example.com');

const vapidOf = (c: Parsed): VapidKeys | null => {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = c;
  if (publicKey && privateKey) return { subject: subjectOf(c), publicKey, privateKey };
  if (!publicKey && !privateKey) return null;
  throw new Error(
    'The configuration is not usable. Web Push needs VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY together, or neither.',
  );
};

/** The settings of wrangler.toml and the secrets, parsed. Throws with every problem named where one does not fit. */
export const parseConfig = (env: Env) => {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new Error(`The configuration is not usable. ${z.prettifyError(parsed.error)}`);
  const c = parsed.data;
  return {
    publicOrigin: new URL(c.PUBLIC_ORIGIN).origin,
    allowedOrigins: c.ALLOWED_ORIGINS,
    signUp: c.SIGN_UP,
    bcryptCost: c.BCRYPT_COST,
    allowPrivateTargets: c.ALLOW_PRIVATE_TARGETS,
    proberShards: c.PROBER_SHARDS,
    dataCentreUrl: c.DATA_CENTRE_URL || null,
    deadManUrl: c.DEAD_MAN_URL,
    deliveryDays: c.DELIVERY_DAYS,
    auditDays: c.AUDIT_DAYS,
    localFaultsUrl: c.LOCAL_FAULTS_URL || null,
    sessionSecret: c.SESSION_SECRET,
    encryptionKey: c.ENCRYPTION_KEY,
    mail: mailOf(c),
    vapid: vapidOf(c),
  };
};

export type Config = ReturnType<typeof parseConfig>;
