import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What is waited for comes at once or never: only a machine that is overloaded needs so long. */
const expectWithPatience = { poll: { timeout: 90_000 } };

/** See `properties.ts`. A search takes other cases each time; `PROPERTY_SEED` repeats one. */
const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;
const propertyRuns = Number(PROPERTY_RUNS ?? 1);
const propertySeed = Number(PROPERTY_SEED ?? (PROPERTY_RUNS ? Date.now() % 2 ** 31 : 20_261_121));
const properties = { propertyRuns, propertySeed };

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// miniflare reads it when it is loaded: what the runtime of the tests trusts besides the public authorities.
process.env.NODE_EXTRA_CA_CERTS = path('./certificate/certificate.pem');

/** `--project NAME`, as often as it is given; none: all. */
const named = process.argv.flatMap((arg, i, all) =>
  arg === '--project' ? [all[i + 1]] : arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [],
);
const runsWorker = named.length === 0 || named.some((name) => name === 'worker' || name?.includes('*'));

/**
 * What the worker takes from packages, as packages are imported. Each file of its tests loads the whole worker into a
 * runtime of its own: a bundle for each package takes a quarter less time there than the hundreds of modules in them.
 */
const packages = [
  ...['@block65/webcrypto-web-push', '@hono/zod-validator', '@napi-rs/wasm-runtime'],
  ...['@zxcvbn-ts/core', '@zxcvbn-ts/language-common'],
  ...['drizzle-orm', 'drizzle-orm/d1', 'drizzle-orm/sqlite-core', 'ipaddr.js', 'jose', 'nanoid'],
  ...['hono', 'hono/cookie', 'hono/cors', 'hono/factory', 'hono/http-exception', 'hono/route', 'hono/secure-headers'],
  // What only tests read.
  ...['@cfworker/json-schema', 'adaptivecards', 'discord-markdown-parser', 'marked', 'micromark', 'parse5'],
  ...['rrule-temporal', 'standardwebhooks', 'tldts', 'tough-cookie', 'zod'],
];

/** Tests on the real stack, in Chromium or, in the project `firefox`, in Firefox. */
const browserTests = (name: 'browser' | 'firefox', include: string[]) => ({
  test: {
    name,
    root: path('./browser'),
    include,
    env: { BROWSER: name === 'firefox' ? 'firefox' : 'chromium' },
    globalSetup: ['./support/prepare.ts'],
    // The files of a process share its stack.
    isolate: false,
    testTimeout: 480_000,
    hookTimeout: 480_000,
    // What is asked for so often takes the processor from those who answer.
    expect: { poll: { ...expectWithPatience.poll, interval: 200 } },
    // After what computes, where one run has both. Much of it is waiting, so one file more than there are cores.
    sequence: { groupOrder: 1 },
    maxWorkers: 3,
  },
});

/** Tests inside workerd. Loading the plugin bundles the worker, so runs without these tests do without it. */
const workerTests = async (): Promise<TestProjectInlineConfiguration> => {
  const { cloudflareTest, readD1Migrations } = await import('@cloudflare/vitest-pool-workers');
  return {
    // Otherwise the bundles would lie in a node_modules of their own among the tests.
    cacheDir: path('../node_modules/.vite'),
    plugins: [
      {
        name: 'packages-without-source-maps',
        enforce: 'post',
        transform: (code, id) => (id.includes('/node_modules/') ? { code, map: { mappings: '' } } : undefined),
      },
      cloudflareTest(async () => ({
        wrangler: { configPath: path('../wrangler.toml') },
        miniflare: {
          bindings: {
            MIGRATIONS: await readD1Migrations(path('../migrations')),
            ALLOW_PRIVATE_TARGETS: 'true',
            LOCAL_RUNTIME: 'true',
            STRICT_RESPONSES: 'true',
            DATA_CENTRE_URL: '',
            BREACHED_PASSWORDS_URL: '',
            DOMAIN_REQUESTS_PER_SECOND: '10000',
            STATUS_PAGE_SECONDS: '0',
            REFERENCE_TARGETS: 'none',
            BCRYPT_COST: '4',
            SESSION_SECRET: 'test-session-secret-of-at-least-32-characters',
            ENCRYPTION_KEY: 'test-encryption-key-of-at-least-32-characters',
          },
        },
      })),
    ],
    test: {
      name: 'worker',
      root: path('./worker'),
      deps: { optimizer: { ssr: { enabled: true, include: packages } } },
      include: ['**/*.test.ts'],
      // A runtime with the worker in it takes longer to start than most files take; setup/pristine.ts empties it.
      isolate: false,
      provide: { soak: Boolean(process.env.SOAK), ...properties },
      setupFiles: ['./setup/pristine.ts', '../properties.ts'],
      sequence: { setupFiles: 'list' },
      globalSetup: ['./setup/targets.ts', './setup/receiver.ts'],
      testTimeout: 240_000 * propertyRuns,
      hookTimeout: 240_000,
      expect: expectWithPatience,
    },
  };
};

/** In this order: what is long or waits comes first, and files that share a process follow each other. */
const projectOrder = ['node', 'simulation', 'worker', 'domain', 'firefox', 'browser'];

class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const place = ({ project }: TestSpecification) => projectOrder.indexOf(project.name);
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: ByProject },
    // On two cores vitest would run one file at a time, although some wait. Browsers run beside these.
    maxWorkers: 2,
    // Where the handshake of STARTTLS fails, the runtime leaves a rejection of its own behind, which nobody can catch.
    onUnhandledError: (error) =>
      !/^internal error; reference = /.test(error.message) ||
      !('VITEST_TEST_PATH' in error && String(error.VITEST_TEST_PATH).endsWith('/mail.test.ts')),
    projects: [
      {
        test: {
          name: 'domain',
          root: path('./domain'),
          include: ['**/*.test.ts'],
          testTimeout: 300_000 * propertyRuns,
          provide: properties,
          setupFiles: ['../properties.ts'],
          // What is pure has nothing that a file could leave behind for the next one.
          isolate: false,
        },
      },
      {
        test: {
          name: 'simulation',
          root: path('./simulation'),
          include: ['**/*.test.ts'],
          testTimeout: 300_000 * propertyRuns,
          provide: properties,
          setupFiles: ['../properties.ts'],
        },
      },
      {
        test: {
          name: 'node',
          root: path('./node'),
          include: ['**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: expectWithPatience,
        },
      },
      ...(runsWorker ? [await workerTests()] : []),
      browserTests('browser', ['**/*.test.ts']),
      // The ordinary day once more; where there is no Firefox, `npm test` has said so.
      ...(process.env.FIREFOX ? [browserTests('firefox', ['everyday.test.ts', 'browsers.test.ts'])] : []),
    ],
  },
});
