import { z } from 'zod';
import type { VapidKeys } from './alerts/channels/channel.ts';
import { ehloName } from './alerts/mail/identity.ts';
import type { MailTransport } from './alerts/mail/mail.ts';
import { type Keyring, keyringOf } from './crypto/keyring.ts';
import type { TargetRules } from './domain/checks/target.ts';
import { withDefaults } from './domain/teams/limits.ts';
import { settingsShape } from './settings.ts';

const isLocal = (url: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

const mailHelp =
  'Set RESEND_API_KEY, or SMTP_URL (such as smtps://user:password@mail.example.com:465), or bind EMAIL (send_email) in wrangler.toml.';

const hostOf = (url: string) => new URL(url).host;

const schema = z
  .object({ ...settingsShape, EMAIL: z.custom<SendEmail>().optional() })
  .refine(
    ({ LOCAL_FAULTS_URL, PUBLIC_ORIGIN }) =>
      LOCAL_FAULTS_URL === '' || (isLocal(LOCAL_FAULTS_URL) && isLocal(PUBLIC_ORIGIN)),
    {
      path: ['LOCAL_FAULTS_URL'],
      message: 'LOCAL_FAULTS_URL makes probes fail on purpose: only a local copy may have it',
    },
  )
  .refine(({ LOCAL_RUNTIME, PUBLIC_ORIGIN }) => !LOCAL_RUNTIME || isLocal(PUBLIC_ORIGIN), {
    path: ['LOCAL_RUNTIME'],
    message: 'LOCAL_RUNTIME reads faults of the platform as failures of targets: only a local copy may have it',
  })
  .refine(({ DEAD_MAN_URL: url, PUBLIC_ORIGIN }) => !url || url.startsWith('https:') || isLocal(PUBLIC_ORIGIN), {
    path: ['DEAD_MAN_URL'],
    message: 'DEAD_MAN_URL must start with https:// because anyone who reads it can send heartbeats in your place',
  })
  .refine(({ DEAD_MAN_URL: url, PUBLIC_ORIGIN }) => !url || hostOf(url) !== hostOf(PUBLIC_ORIGIN), {
    path: ['DEAD_MAN_URL'],
    message: 'DEAD_MAN_URL points to Pharos itself, which would fail together with it. Use an external service',
  });

type Parsed = z.output<typeof schema>;

/** How mail leaves; null where the operator has not set it up. Throws where only half of it is there. */
const mailOf = ({
  MAIL_FROM: from,
  MAIL_REPLY_TO: answers,
  PUBLIC_ORIGIN: publicOrigin,
  RESEND_API_KEY: apiKey,
  SMTP_URL: server,
  EMAIL: binding,
}: Parsed): MailTransport | null => {
  if (from === '' && (apiKey !== '' || server))
    throw new Error('The configuration is not usable. MAIL_FROM is missing.');
  if (from === '') return null;
  const sender = { from, ...(answers !== '' && { replyTo: answers }) };
  if (apiKey !== '') return { kind: 'resend', ...sender, apiKey };
  if (server) return { kind: 'smtp', ...sender, ...server, ehlo: ehloName(publicOrigin, from) };
  if (binding) return { kind: 'cloudflare', ...sender, binding };
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

const keysOf = (name: string, ...settings: string[]): Keyring => {
  const keys = keyringOf(settings);
  if (!keys) throw new Error(`The configuration is not usable. Two keys of ${name} and ${name}_2 have the same id.`);
  return keys;
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
    /** Hosts (with port, where there is one) under which Pharos itself answers. */
    ownHosts: [c.PUBLIC_ORIGIN, ...c.ALLOWED_ORIGINS].map(hostOf),
    abuseContact: c.ABUSE_CONTACT || null,
    proberShards: c.PROBER_SHARDS,
    dataCentreUrl: c.DATA_CENTRE_URL || null,
    breachedPasswordsUrl: c.BREACHED_PASSWORDS_URL || null,
    referenceTargets: c.REFERENCE_TARGETS,
    deadManUrl: c.DEAD_MAN_URL,
    databaseLocation: c.D1_LOCATION || null,
    tickDays: c.TICK_DAYS,
    databaseLimitBytes: c.D1_MAX_MB * 1_000_000,
    deliveryDays: c.DELIVERY_DAYS,
    auditDays: c.AUDIT_DAYS,
    domainRequestsPerSecond: c.DOMAIN_REQUESTS_PER_SECOND,
    statusPageSeconds: c.STATUS_PAGE_SECONDS,
    teamLimits: withDefaults(c.TEAM_LIMITS),
    localFaultsUrl: c.LOCAL_FAULTS_URL || null,
    localRuntime: c.LOCAL_RUNTIME,
    /** Responses and live events are parsed by their schemas before they are sent. */
    strictResponses: c.STRICT_RESPONSES,
    sessionSecret: keysOf('SESSION_SECRET', c.SESSION_SECRET, c.SESSION_SECRET_2),
    encryptionKey: keysOf('ENCRYPTION_KEY', c.ENCRYPTION_KEY, c.ENCRYPTION_KEY_2),
    mail: mailOf(c),
    vapid: vapidOf(c),
  };
};

export type Config = ReturnType<typeof parseConfig>;

/** Addresses that monitors may check. */
export const targetRulesOf = ({
  allowPrivateTargets,
  ownHosts,
}: Pick<Config, 'allowPrivateTargets' | 'ownHosts'>): TargetRules => ({
  allowPrivate: allowPrivateTargets,
  ownHosts,
});
