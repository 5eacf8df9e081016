import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRoot, tools } from '../../../.scripts/lib/paths.ts';

type Import = [file: string, imported: string, rule: string, type?: 'type'];

/** Each line breaks one rule, and no other. */
const refused: Import[] = [
  ['worker/domain/checks/one.ts', 'worker/log.ts', 'domain-is-pure'],
  ['worker/domain/verdict/two.ts', 'hono', 'domain-is-pure'],
  ['worker/contract/one.ts', 'worker/errors.ts', 'contract-is-pure'],
  ['worker/crypto/one.ts', 'worker/db/core/client.ts', 'layers-point-down: contract, crypto, http, masking'],
  ['worker/db/checks/one.ts', 'worker/checks/dispatch/dispatch.ts', 'layers-point-down: db'],
  ['worker/db/checks/two.ts', 'worker/auth/tokens.ts', 'layers-point-down: db'],
  ['worker/checks/kinds/one.ts', 'worker/api/http/problem.ts', 'layers-point-down: alerts, auth, checks, live, ticks'],
  ['worker/ticks/one.ts', 'worker/operations/health.ts', 'layers-point-down: alerts, auth, checks, live, ticks'],
  ['worker/auth/one.ts', 'worker/pages/layout.tsx', 'layers-point-down: alerts, auth, checks, live, ticks'],
  ['worker/operations/one.ts', 'worker/api/http/problem.ts', 'layers-point-down: operations'],
  ['worker/commands/incidents/one.ts', 'worker/api/http/problem.ts', 'layers-point-down: commands'],
  ['worker/objects/one.ts', 'worker/api/http/problem.ts', 'objects-know-no-api'],
  ['worker/api/monitors/one.ts', 'worker/objects/feed.ts', 'objects-are-reached-by-rpc'],
  ['worker/api/monitors/two.ts', 'worker/pages/layout.tsx', 'api-knows-no-pages'],
  ['worker/api/monitors/three.ts', 'test/targets.ts', 'product-stands-alone'],
  ['worker/api/monitors/four.ts', 'web/src/lib/format.ts', 'worker-stands-alone'],
  ['worker/ticks/two.ts', 'worker/app.ts', 'nobody-imports-the-entry'],
  ['worker/index.ts', 'worker/log.ts', 'entry-is-a-table-of-contents'],
  ['web/src/one.ts', 'worker/db/core/client.ts', 'browser-sees-domain-and-contract'],
  ['web/src/two.ts', 'worker/app.ts', 'browser-takes-types-of-the-api'],
  ['web/src/three.ts', 'test/targets.ts', 'product-stands-alone'],
  ['web/src/ui/one.ts', 'web/src/features/monitors/chartData.ts', 'ui-imports-no-feature'],
  ['web/src/ui/two.ts', 'web/src/app/cache/api.ts', 'ui-imports-no-feature', 'type'],
  ['web/src/lib/one.ts', 'web/src/ui/primitives/together.ts', 'lib-stands-alone'],
  ['web/src/features/audit/one.ts', 'web/src/app/app.tsx', 'features-know-no-shell'],
  ['web/src/app/cache/one.ts', 'web/src/features/monitors/chartData.ts', 'cache-imports-no-feature'],
  ['web/functions/api/one.ts', 'worker/app.ts', 'functions-stand-alone'],
  ['worker/http/readBody.ts', 'worker/log.ts', 'read-body-stands-alone'],
  ['.scripts/one.ts', 'worker/log.ts', 'scripts-stand-alone'],
  ['worker/auth/round.ts', 'worker/auth/trip.ts', 'no-cycles'],
];

/** The file that closes the circle: its type import counts. */
const back: Import = ['worker/auth/trip.ts', 'worker/auth/round.ts', 'no-cycles', 'type'];

const allowed: Import[] = [
  ['worker/domain/checks/good.ts', 'zod', ''],
  ['worker/domain/verdict/good.ts', 'worker/domain/checks/region.ts', ''],
  ['worker/contract/good.ts', 'worker/domain/checks/region.ts', ''],
  ['worker/objects/good.ts', 'worker/contract/live.ts', '', 'type'],
  ['worker/checks/good.ts', 'worker/objects/rpc.ts', '', 'type'],
  ['worker/pages/good.tsx', 'worker/api/http/context.ts', '', 'type'],
  ['web/functions/api/good.ts', 'worker/http/readBody.ts', ''],
  ['web/src/good.ts', 'worker/app.ts', '', 'type'],
  ['web/src/ui/good.ts', 'web/src/lib/dates.ts', ''],
  ['web/src/features/audit/good.ts', 'web/src/app/cache/api.ts', ''],
  ['web/src/app/cache/good.ts', 'web/src/features/channels/channelDraft.ts', '', 'type'],
  ['web/src/fine.ts', 'worker/domain/checks/region.ts', ''],
];

interface Violation {
  from: string;
  rule: { name: string };
}

const directory = mkdtempSync(join(tmpdir(), 'pharos-layers-'));
let violations: Violation[];

const write = (file: string, code: string) => {
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  writeFileSync(join(directory, file), code);
};

const addressFrom = (file: string, imported: string) =>
  imported.includes('.ts') ? `${'../'.repeat(file.split('/').length - 1)}${imported}` : imported;

beforeAll(async () => {
  cpSync(inRoot('.dependency-cruiser.mjs'), join(directory, '.dependency-cruiser.mjs'));
  symlinkSync(inRoot('node_modules'), join(directory, 'node_modules'));
  const imports = [...refused, back, ...allowed];
  for (const [file, imported, , type] of imports)
    write(
      file,
      `import ${type ? 'type ' : ''}{ x } from '${addressFrom(file, imported)}';\nexport const y: typeof x = null as never;\n`,
    );
  for (const [, imported] of imports)
    if (imported.includes('.ts') && !existsSync(join(directory, imported))) write(imported, 'export const x = 0;\n');
  const report = await new Promise<string>((resolve) => {
    const args = [tools.dependencyCruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '.'];
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 2 ** 26 }, (_, text) => resolve(text));
  });
  violations = JSON.parse(report).summary.violations;
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const rulesBrokenBy = (file: string) => [
  ...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
];

test.each(refused)('%s may not import %s (%s)', (file, _, rule) => {
  expect(rulesBrokenBy(file)).toEqual([rule]);
});

test.each(allowed)('%s may import %s', (file) => {
  expect(rulesBrokenBy(file)).toEqual([]);
});
