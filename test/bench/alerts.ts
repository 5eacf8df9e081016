/**
 * `npm run bench -- alerts`: time from the transition to the request at a local receiver, one outage after the other, each
 * of a team of its own; then many outages at once on one channel: time until the last digest, and whether each is in the
 * record. `npm run bench -- alerts 50 1000` takes 50 outages one by one, and 1,000 at once. Ends with one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, origin, post, quantile, startWorker, wait } from './start.ts';

const single = Number(process.argv[2] ?? 100);
const many = Number(process.argv[3] ?? 10_000);
/** Digests are a minute apart. */
const patienceMs = 600_000;

interface Request {
  at: number;
  payload: { type: string; timestamp: string; digest: { counts: Record<string, number> | null } };
}

const requests: Request[] = [];
const receiver = createServer((request, response) => {
  const at = Date.now();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    requests.push({ at, payload: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end('ok');
  });
});
await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

interface Ref {
  id: string;
  number: number;
  teamId: string;
}

const before = Date.now() - 60_000;

const seed = async (refs: Ref[]) => {
  const teams = [...new Set(refs.map(({ teamId }) => teamId))];
  const settings = { url: 'http://127.0.0.1/', method: 'GET', expectedStatus: '200-399', maxRedirects: 5 };
  const stored = JSON.stringify({ ...settings, bodyContains: null, bodyNotContains: null });
  const statements = [
    ...teams.map((id) => `INSERT INTO teams (id, name, created_at) VALUES ('${id}', 'Bench', ${before})`),
    ...refs.map(
      ({
        id,
        number,
        teamId,
      }) => `INSERT INTO monitors (number, id, team_id, kind, name, settings, header_names, has_body,
        timeout_ms, interval_seconds, regions, tags, cohort, verdict, verdict_since, region_health, confirmations,
        recovery_confirmations, decision, created_at, updated_at)
        VALUES (${number}, '${id}', '${teamId}', 'http', 'Bench ${number}', '${stored}', '[]', 0, 10000, 60, '["weur"]',
        '[]', 1, 'up', ${before}, '{"weur":"up"}', 1, 1, ${before}, ${before}, ${before})`,
    ),
  ];
  for (let i = 0; i < statements.length; i += 500) await post('/bench/seed', statements.slice(i, i + 500));
  for (const teamId of teams) await post('/bench/channel', { teamId, url: hook });
};

const observe = (refs: Ref[], atOnce: number) => post('/bench/observe', { refs, health: 'down', atOnce });

const until = async (isDone: () => boolean | Promise<boolean>) => {
  const begun = Date.now();
  while (!(await isDone())) {
    if (Date.now() - begun > patienceMs) throw new Error(`Not within ${patienceMs / 1000} s.`);
    await wait(20);
  }
};

const oneByOne = async () => {
  const refs = Array.from({ length: single }, (_, i) => ({ id: `mon_s${i}`, number: i + 1, teamId: `team_s${i}` }));
  await seed(refs);
  for (const [i, ref] of refs.entries()) {
    await observe([ref], 1);
    await until(() => requests.length > i);
  }
  const tookMs = requests.splice(0).map(({ at, payload }) => at - Date.parse(payload.timestamp));
  return { alerts: single, medianMs: median(tookMs), p95Ms: quantile(tookMs, 0.95), maxMs: Math.max(...tookMs) };
};

interface Count {
  isDigest: number;
  state: string;
  count: number;
}

const allAtOnce = async () => {
  const refs = Array.from({ length: many }, (_, i) => {
    return { id: `mon_m${i}`, number: single + i + 1, teamId: 'team_many' };
  });
  await seed(refs);
  const begun = Date.now();
  for (let i = 0; i < many; i += 200) await observe(refs.slice(i, i + 200), 20);
  const decidedMs = Date.now() - begun;
  let counts: Count[] = [];
  const delivered = () =>
    counts
      .filter(({ isDigest, state }) => isDigest === 0 && state === 'delivered')
      .reduce((sum, { count }) => sum + count, 0);
  await until(async () => {
    await wait(480);
    counts = (await (await fetch(`${origin}/bench/deliveries?team=team_many`)).json()) as Count[];
    return delivered() === many;
  });
  const told = requests.map(({ payload }) => payload.digest.counts?.down ?? 1).reduce((sum, count) => sum + count, 0);
  const lastMs = Math.max(...requests.map(({ at }) => at)) - begun;
  return { alerts: many, decidedMs, lastMs, messages: requests.length, told, delivered: delivered() };
};

const state = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
const worker = await startWorker(state);
try {
  await post('/bench/seed', [`INSERT INTO cohorts (id, interval_seconds, regions, size) VALUES (1, 60, 'weur', 100)`]);
  const latency = await oneByOne();
  console.table([latency]);
  const mass = await allAtOnce();
  console.table([mass]);
  console.log(JSON.stringify({ bench: 'alerts', latency, mass }));
} finally {
  receiver.closeAllConnections();
  receiver.close();
  if (worker.pid) process.kill(-worker.pid);
  rmSync(state, { recursive: true, force: true });
}
