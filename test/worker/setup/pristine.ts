import { type D1Migration, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { recentFailures } from '../../../worker/checks/pipeline/failures.ts';
import { retrying } from '../../../worker/db/core/retrying.ts';
import { pressure } from '../../../worker/objects/pressure.ts';
import { keep, putBack } from '../support/kept.ts';

/**
 * Each file begins with empty objects, queues and caches, a migrated database, an isolate that has counted nothing yet, and
 * nothing replaced. Starting a runtime for each, or loading all modules again, took longer than most files do.
 */
vi.restoreAllMocks();
vi.useRealTimers();
putBack();
keep(globalThis, ['fetch']);
for (const one of [env.DB, env.DB.prepare('SELECT 1'), env.ALERTS]) keep(Object.getPrototypeOf(one));
keep(retrying);
keep(pressure);
recentFailures.clear();

const isEmpty = async () => {
  const row = await env.DB.prepare("SELECT count(*) AS count FROM sqlite_master WHERE name = 'teams'").first();
  return row?.count === 0;
};
// What the file before left running can reach an object between its end and its deletion, and keeps it then.
for (let tries = 1; ; tries++) {
  await reset();
  if (await isEmpty()) break;
  if (tries === 20) throw new Error('The file before does not end: the database is filled again and again.');
}

// Messages of the file before that are still on their way name cohorts and monitors which this file never has. The step
// is a multiple of all that ids are divided by: seconds and shards.
const runtime = globalThis as { filesBegun?: number };
runtime.filesBegun = (runtime.filesBegun ?? 0) + 1;
const firstId = runtime.filesBegun * 14_400;
const numbered = ['cohorts', 'monitors', 'deliveries'];

const { MIGRATIONS } = env as unknown as { MIGRATIONS: D1Migration[] };
await env.DB.batch([
  ...MIGRATIONS.flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query))),
  env.DB.prepare('DELETE FROM sqlite_sequence'),
  ...numbered.map((table) => env.DB.prepare('INSERT INTO sqlite_sequence VALUES (?, ?)').bind(table, firstId)),
]);
