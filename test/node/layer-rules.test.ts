import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRoot, tools } from '../../.scripts/lib/paths.ts';

const bad: [file: string, code: string, rule: string][] = [
  ['worker/domain/one.ts', "import { log } from '../log.ts';\nlog();", 'domain-is-pure'],
  ['worker/domain/two.ts', "import { Hono } from 'hono';\nnew Hono();", 'domain-is-pure'],
  ['worker/domain/verdict/one.ts', "import { log } from '../../log.ts';\nlog();", 'domain-is-pure'],
  ['worker/domain/checks/one.ts', "import { log } from '../../log.ts';\nlog();", 'domain-is-pure'],
  ['worker/db/one.ts', "import { audit } from '../checks/audit.ts';\naudit();", 'db-knows-only-the-domain'],
  ['worker/checks/probes/one.ts', "import { x } from '../../api/problem.ts';\nx();", 'pipeline-does-not-know-the-api'],
  ['worker/objects/one.ts', "import { x } from '../api/problem.ts';\nx();", 'pipeline-does-not-know-the-api'],
  ['worker/ticks/one.ts', "import { app } from '../app.ts';\napp();", 'nobody-imports-the-entry'],
  ['worker/auth/one.ts', "import { x } from '../api/problem.ts';\nx();", 'auth-stands-beside-the-pipeline'],
  ['worker/api/one.ts', "import { Feed } from '../objects/feed.ts';\nnew Feed();", 'api-reaches-objects-by-services'],
  ['worker/api/two.ts', "import { x } from '../../test/targets.ts';\nx();", 'worker-stands-alone'],
  ['worker/index.ts', "export { log } from './log.ts';", 'entry-is-a-table-of-contents'],
  [
    'web/src/pages/one.tsx',
    "import { db } from '../../../worker/db/client.ts';\ndb();",
    'browser-sees-the-domain-and-types',
  ],
  ['web/src/two.ts', "import { app } from '../../worker/app.ts';\napp();", 'browser-sees-the-domain-and-types'],
  ['web/src/three.ts', "import { useQuery } from '@tanstack/solid-query';\nuseQuery();", 'queries-do-not-suspend'],
  ['web/functions/api/one.ts', "import { app } from '../../../worker/app.ts';\napp();", 'functions-stand-alone'],
  ['worker/http/one.ts', "import { log } from '../log.ts';\nlog();", 'http-stands-alone'],
  ['.scripts/one.ts', "import { log } from '../worker/log.ts';\nlog();", 'scripts-stand-alone'],
  ['worker/auth/round.ts', "import { trip } from './trip.ts';\nexport const round = () => trip();", 'noImportCycles'],
  ['worker/auth/trip.ts', "import { round } from './round.ts';\nexport const trip = () => round();", 'noImportCycles'],
];

const good: [file: string, code: string][] = [
  ['worker/domain/good.ts', "import { z } from 'zod';\nimport { uptime } from './uptime.ts';\nuptime(z);"],
  ['worker/domain/verdict/good.ts', "import { uptime } from '../uptime.ts';\nuptime();"],
  ['worker/domain/checks/good.ts', "import { parse } from 'tldts';\nparse('a');"],
  ['worker/objects/good.ts', "import type { TickView } from '../api/views.ts';\nexport type T = TickView;"],
  ['web/functions/api/good.ts', "import { x } from '../../../worker/http/readBody.ts';\nx();"],
  ['web/src/good.ts', "import type { Api } from '../../worker/app.ts';\nexport type T = Api;"],
  ['web/src/fine.ts', "import { useQueryClient } from '@tanstack/solid-query';\nuseQueryClient();"],
  ['web/src/pages/good.tsx', "import { regions } from '../../../worker/domain/region.ts';\nregions();"],
];

interface Diagnostic {
  category: string;
  message: string;
  location: { path: string };
}

const directory = mkdtempSync(join(tmpdir(), 'pharos-layers-'));
let diagnostics: Diagnostic[];

beforeAll(async () => {
  cpSync(inRoot('.biome.json'), join(directory, 'biome.json'));
  for (const [file, code] of [...bad, ...good]) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), `${code}\n`);
  }
  const report = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tools.biome, 'lint', '--reporter=json', '.'], { cwd: directory }, (_, text) =>
      resolve(text),
    );
  });
  diagnostics = JSON.parse(report).diagnostics;
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const complaintsAbout = (file: string) =>
  diagnostics.filter(({ location }) => location.path === file).map(({ category, message }) => `${category} ${message}`);

test.each(bad)('%s: the import is refused by name of the rule (%s → %s)', (file, _, rule) => {
  expect(complaintsAbout(file).join('\n')).toContain(rule);
});

test.each(good)('%s may import what its layer allows', (file) => {
  expect(complaintsAbout(file)).toEqual([]);
});
