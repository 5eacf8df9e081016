import { z } from 'zod';

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
  );

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
    localFaultsUrl: c.LOCAL_FAULTS_URL || null,
    sessionSecret: c.SESSION_SECRET,
    encryptionKey: c.ENCRYPTION_KEY,
  };
};

export type Config = ReturnType<typeof parseConfig>;
