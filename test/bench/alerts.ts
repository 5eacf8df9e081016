/**
 * `npm run bench -- alerts`: time from the transition to the request at a local receiver, one outage after the other, each
 * of a team of its own; then many outages at once on one channel: time until the last digest, memory, and whether each is
 * in the record. To compare: as many bare requests from a Worker, six at a time (the floor of sending each by itself), and
 * one after the other (as a Worker that awaits each webhook in its loop does), neither decided, stored nor retried.
 * `npm run bench -- alerts 50 1000` takes 50 outages one by one, and 1,000 at once. Ends with one JSON line.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storedSettings } from '../httpMonitor.ts';
import { median, origin, post, quantile, startWorker, wait } from './start.ts';

const single = Number(process.argv[2] ?? 100);
const many = Number(process.argv[3] ?? 10_000);
/** Digests are a minute apart. */
const patienceMs = 900_000;

interface Request {
  at: number;
  payload: { id: string; type: string; timestamp: string; digest: { counts: Record<string, number> | null } };
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
  const url = 'http://127.0.0.1/';
  const statements = [
    ...teams.map((id) => `INSERT INTO teams (id, name, created_at) VALUES ('${id}', 'Bench', ${before})`),
    ...refs.map(
      ({ id, number, teamId }) => `INSERT INTO monitors (number, id, team_id, kind, name, settings, address,
        timeout_ms, interval_seconds, regions, tags, cohort, verdict, verdict_since, region_health, confirmations,
        recovery_confirmations, decision, created_at, updated_at)
        VALUES (${number}, '${id}', '${teamId}', 'http', 'Bench ${number}', '${storedSettings(url)}', '${url}', 10000, 60, '["weur"]',
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

/** Resident memory of the runtime's processes (workerd), in MB; null where there is no /proc. */
const residentMb = (group: number): number | null => {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const kb = pids.map((pid) => {
      const [, command, rest = ''] = /\((.*)\) (.*)/s.exec(readOr(`/proc/${pid}/stat`)) ?? [];
      if (command !== 'workerd' || Number(rest.split(' ')[2]) !== group) return 0;
      return Number(/VmRSS:\s+(\d+)/.exec(readOr(`/proc/${pid}/status`))?.[1] ?? 0);
    });
    return Math.round(kb.reduce((sum, one) => sum + one, 0) / 1024);
  } catch {
    return null;
  }
};

/** A process may have ended since it was listed. */
const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

interface Count {
  isDigest: number;
  state: string;
  count: number;
}

const allAtOnce = async (memory: () => number | null) => {
  const refs = Array.from({ length: many }, (_, i) => {
    return { id: `mon_m${i}`, number: single + i + 1, teamId: 'team_many' };
  });
  await seed(refs);
  const memoryBeforeMb = memory();
  const begun = Date.now();
  for (let i = 0; i < many; i += 200) await observe(refs.slice(i, i + 200), 20);
  const decidedMs = Date.now() - begun;
  const decidedMb = memory();
  let peakMb = decidedMb ?? 0;
  let counts: Count[] = [];
  const delivered = () =>
    counts
      .filter(({ isDigest, state }) => isDigest === 0 && state === 'delivered')
      .reduce((sum, { count }) => sum + count, 0);
  await until(async () => {
    await wait(480);
    peakMb = Math.max(peakMb, memory() ?? 0);
    counts = (await (await fetch(`${origin}/bench/deliveries?team=team_many`)).json()) as Count[];
    return delivered() === many;
  });
  const atOnce = requests.splice(0);
  // What came again had the same id.
  const messages = [...new Map(atOnce.map((request) => [request.payload.id, request])).values()];
  const notified = messages
    .map(({ payload }) => payload.digest.counts?.down ?? 1)
    .reduce((sum, count) => sum + count, 0);
  const lastMs = Math.max(...atOnce.map(({ at }) => at)) - begun;
  const state = { notified, delivered: delivered(), lost: many - Math.min(notified, delivered()) };
  const memoryMb = { before: memoryBeforeMb, decided: decidedMb, peak: peakMb };
  return {
    alerts: many,
    decidedMs,
    lastMs,
    messages: messages.length,
    repeated: atOnce.length - messages.length,
    ...state,
    memoryMb,
  };
};

const bare = async (atOnce: number) => {
  const begun = Date.now();
  await post('/bench/send', { url: hook, count: many, atOnce });
  return { messages: requests.splice(0).length, tookMs: Date.now() - begun };
};

const state = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
const worker = await startWorker(state);
try {
  await post('/bench/seed', [`INSERT INTO cohorts (id, interval_seconds, regions, size) VALUES (1, 60, 'weur', 100)`]);
  const latency = await oneByOne();
  console.table([latency]);
  const { memoryMb, ...mass } = await allAtOnce(() => residentMb(worker.pid ?? 0));
  console.table([mass]);
  const floor = await bare(6);
  const serial = await bare(1);
  console.table({ 'six at a time, nothing stored': floor, 'one by one, nothing stored': serial });
  console.log(JSON.stringify({ bench: 'alerts', latency, mass: { ...mass, memoryMb }, floor, serial }));
} finally {
  receiver.closeAllConnections();
  receiver.close();
  if (worker.pid) process.kill(-worker.pid);
  rmSync(state, { recursive: true, force: true });
}
