/**
 * Which folder may import which. A layer imports its own folder and layers below it; the numbers are floors. Checked by
 * `npm run verify`, together with cycles, types included; test/node/source/layer-rules.test.ts breaks every rule once.
 */
const floors = [
  ['domain'],
  ['contract', 'crypto', 'http', 'masking'],
  ['db'],
  ['alerts', 'auth', 'checks', 'live', 'ticks'],
  ['operations'],
  ['commands'],
  ['api', 'objects', 'pages'],
];

const folder = (name) => `^worker/${name}/`;
const anyOf = (names) => `^worker/(${names.join('|')})/`;

/** What is pure of a kind of check: definition.ts and what it is made of. It lies beside the probe, on the floor of the domain. */
const definitions = '^worker/checks/kinds/((definition|definitions|kind|fieldKit)\\.ts$|[^/]+/definition(\\.ts$|/))';

const upward = floors.slice(0, -1).map((names, floor) => ({
  name: `layers-point-down: ${names.join(', ')}`,
  comment:
    'A layer imports itself and layers below it: api, pages, objects -> commands -> operations -> alerts, auth, checks, live, ticks -> db -> contract, crypto, http, masking -> domain.',
  severity: 'error',
  from: { path: anyOf(names) },
  to: { path: anyOf(floors.slice(floor + 1).flat()), pathNot: ['^worker/objects/rpc\\.ts$', definitions] },
}));

const packages = ['zod', 'ipaddr\\.js', 'rrule-temporal', '@zxcvbn-ts/', 'tldts'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'No file imports itself in a circle, type imports included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...upward,
    {
      name: 'domain-is-pure',
      comment:
        'worker/domain, and the definitions of kinds of checks (checks/kinds/<kind>/definition.ts), import only each other and pure packages; what they need from elsewhere is passed in.',
      severity: 'error',
      from: { path: [folder('domain'), definitions] },
      to: {
        pathNot: [
          folder('domain'),
          definitions,
          `node_modules/(${packages.join('|')})`,
          '^(zod|ipaddr\\.js|rrule-temporal|tldts)$',
        ],
      },
    },
    {
      name: 'contract-is-pure',
      comment: 'worker/contract is read by the browser: it imports only the domain, definitions of kinds and zod.',
      severity: 'error',
      from: { path: folder('contract') },
      to: { pathNot: [folder('contract'), folder('domain'), definitions, 'node_modules/zod'] },
    },
    {
      name: 'objects-are-reached-by-rpc',
      comment:
        'Durable Objects are called through the services, by the interfaces in objects/rpc.ts, never by their class.',
      severity: 'error',
      from: { path: '^worker/', pathNot: ['^worker/index\\.ts$', '^worker/env\\.d\\.ts$', folder('objects')] },
      to: { path: folder('objects'), pathNot: '^worker/objects/rpc\\.ts$' },
    },
    {
      name: 'objects-know-no-api',
      comment: 'worker/objects imports nothing of worker/api or worker/pages.',
      severity: 'error',
      from: { path: folder('objects') },
      to: { path: anyOf(['api', 'pages']) },
    },
    {
      name: 'api-knows-no-pages',
      comment: 'worker/api imports nothing of worker/pages.',
      severity: 'error',
      from: { path: folder('api') },
      to: { path: folder('pages') },
    },
    {
      name: 'entry-is-a-table-of-contents',
      comment:
        'worker/index.ts exports the handlers, the Durable Objects and the entrypoint of status pages, and imports nothing else.',
      severity: 'error',
      from: { path: '^worker/index\\.ts$' },
      to: { pathNot: ['^worker/handlers\\.ts$', folder('objects'), '^worker/pages/statusPages\\.tsx$'] },
    },
    {
      name: 'nobody-imports-the-entry',
      comment:
        'Only index.ts imports handlers.ts, and only handlers.ts imports app.ts; the browser takes the type Api from app.ts.',
      severity: 'error',
      from: { path: '^worker/', pathNot: '^worker/(index|handlers|env\\.d)\\.ts$' },
      to: { path: '^worker/(index|handlers|app)\\.ts$' },
    },
    {
      name: 'product-stands-alone',
      comment: 'Worker and dashboard import nothing of tests and scripts.',
      severity: 'error',
      from: { path: '^(worker|web)/' },
      to: { path: '^(test|\\.scripts)/' },
    },
    {
      name: 'worker-stands-alone',
      comment: 'The worker imports nothing of web/.',
      severity: 'error',
      from: { path: '^worker/' },
      to: { path: '^web/' },
    },
    {
      name: 'browser-sees-domain-and-contract',
      comment:
        'The dashboard imports of the worker the domain, definitions of kinds, the contract, and the type Api of app.ts.',
      severity: 'error',
      from: { path: '^web/(src|serviceWorker)/' },
      to: { path: '^worker/', pathNot: [folder('domain'), folder('contract'), definitions, '^worker/app\\.ts$'] },
    },
    {
      name: 'browser-takes-types-of-the-api',
      comment: 'Of app.ts the dashboard imports only the type Api.',
      severity: 'error',
      from: { path: '^web/(src|serviceWorker)/' },
      to: { path: '^worker/app\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-imports-no-feature',
      comment: 'web/src/ui holds controls that every feature uses: it imports itself, web/src/lib and the domain.',
      severity: 'error',
      from: { path: '^web/src/ui/' },
      to: { path: '^web/src/(app|features)/' },
    },
    {
      name: 'lib-stands-alone',
      comment: 'web/src/lib draws nothing and asks the API nothing: it imports itself and the domain.',
      severity: 'error',
      from: { path: '^web/src/lib/' },
      to: { path: '^web/src/(app|features|ui)/' },
    },
    {
      name: 'features-know-no-shell',
      comment: 'A feature imports of web/src/app only the cache and the live feed; the shell loads its pages.',
      severity: 'error',
      from: { path: '^web/src/features/' },
      to: { path: '^web/src/app/', pathNot: '^web/src/app/(cache|live)/' },
    },
    {
      name: 'cache-imports-no-feature',
      comment: 'web/src/app/cache asks the API for all features; of one it takes only types.',
      severity: 'error',
      from: { path: '^web/src/app/cache/' },
      to: { path: '^web/src/features/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'functions-stand-alone',
      comment:
        'The Pages Functions import each other and worker/http/readBody.ts, which is copied beside them and imports nothing.',
      severity: 'error',
      from: { path: '^web/functions/' },
      to: { pathNot: ['^web/functions/', '^worker/http/readBody\\.ts$'] },
    },
    {
      name: 'read-body-stands-alone',
      comment: 'worker/http/readBody.ts is copied beside the Pages Functions and imports nothing.',
      severity: 'error',
      from: { path: '^worker/http/readBody\\.ts$' },
      to: {},
    },
    {
      name: 'scripts-stand-alone',
      comment: 'Scripts start tools: of the product they import only the list of its settings and how keys are named.',
      severity: 'error',
      from: { path: '^\\.scripts/' },
      to: { path: '^(worker|web|test)/', pathNot: ['^worker/settings\\.ts$', '^worker/crypto/keyring\\.ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.generated\\.|\\.css$' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
