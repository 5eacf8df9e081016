import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { app } from '../../../worker/app.ts';
import { countingD1 } from '../database/statements.ts';
import { seedCohort } from '../support/seed.ts';

/** The costs of a request without a session, by D1's own account, in an installation of a hundred monitors and a day. */
test.for<[path: string, statements: number, rows: number]>([
  ['/healthz', 14, 600],
  ['/api/v1/regions', 3, 20],
  ['/api/v1/auth/signup', 0, 0],
  ['/confirm/x', 0, 0],
  ['/a/x', 0, 0],
  ['/a/1hUmbnBqBGVmf0u1rLnF9aZ7kTq', 0, 0],
  [`/calendars/onc_none/${'0'.repeat(48)}.ics`, 1, 1],
])('GET %s runs at most %i statements and reads at most %i rows', async ([path, statements, rows]) => {
  await seedCohort({ urls: Array.from({ length: 100 }, () => 'http://localhost/') });
  await env.DB.prepare(
    `WITH RECURSIVE n(ago) AS (SELECT 0 UNION ALL SELECT ago + 1 FROM n WHERE ago < 1440)
     INSERT OR IGNORE INTO dispatches (minute, claimed_at, finished_at, follows) SELECT ?1 - ago * 60000, 1, 1, 1 FROM n`,
  )
    .bind(Math.floor(Date.now() / 60_000) * 60_000)
    .run();
  const { d1, seen } = countingD1(env.DB);
  const answer = await app.fetch(
    new Request(`http://localhost:8788${path}`),
    { ...env, DB: d1 } as Env,
    createExecutionContext(),
  );
  expect(answer.status).toBeLessThan(500);
  const read = seen.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  expect({ path, seen: seen.length <= statements || seen.length, read: read <= rows || read }).toEqual({
    ...{ path, seen: true, read: true },
  });
});
