/**
 * `npm run bench -- pipeline`: one round of N monitors in three regions, from dispatch to the last stored tick, against
 * a local target that answers after 0, 50 and 200 ms; beside it a bare worker that fetches the same URLs six at a time
 * and stores nothing (the floor). CPU is that of the workerd processes. Ends with one JSON line.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, origin, post, startWorker, wait } from './start.ts';

const regions = ['enam', 'weur', 'apac'];
const rounds = 3;

/** `npm run bench -- pipeline 1000 200` measures one case alone. */
const list = (given: string | undefined, all: number[]) => (given ? given.split(',').map(Number) : all);
const counts = list(process.argv[2], [100, 1_000]);
const delaysMs = list(process.argv[3], [0, 50, 200]);

const startTargets = async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'target.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((done) => child.stdout.once('data', (data) => done(String(data).trim())));
  return { child, address };
};

const seed = async (count: number, urlOf: (i: number) => string) => {
  const now = Date.now();
  const cohorts = Math.ceil(count / 100);
  const numbers = Array.from({ length: count }, (_, i) => i);
  await post('/bench/seed', [
    ...['monitors', 'cohorts', 'tick_batches', 'teams'].map((table) => `DELETE FROM ${table}`),
    `INSERT INTO teams (id, name, created_at) VALUES ('team_bench', 'Bench', ${now})`,
    ...Array.from(
      { length: cohorts },
      (_, c) => `INSERT INTO cohorts (id, interval_seconds, regions, size) VALUES (${c + 1}, 60, '${regions}', 100)`,
    ),
    ...numbers.map(
      (
        i,
      ) => `INSERT INTO monitors (id, team_id, kind, name, settings, header_names, has_body, timeout_ms, interval_seconds,
        regions, tags, cohort, verdict, verdict_since, region_health, created_at, updated_at)
        VALUES ('mon_${i}', 'team_bench', 'http', 'bench', '${JSON.stringify({ url: urlOf(i), method: 'GET', expectedStatus: '200-399', maxRedirects: 5, bodyContains: null, bodyNotContains: null })}',
        '[]', 0, 10000, 60, '${JSON.stringify(regions)}', '[]', ${Math.floor(i / 100) + 1}, 'up', ${now},
        '${JSON.stringify(Object.fromEntries(regions.map((r) => [r, 'up'])))}', ${now}, ${now})`,
    ),
  ]);
};

interface Done {
  ticks: number;
  rowsWritten: number;
  monitorCalls: number;
}

const runRound = async (ticks: number) => {
  const began = performance.now();
  const { slot } = await post<{ slot: number }>('/bench/round', {});
  for (;;) {
    const done = (await (await fetch(`${origin}/bench/done?slot=${slot}`)).json()) as Done;
    if (done.ticks >= ticks) return { ...done, wallMs: performance.now() - began };
    if (performance.now() - began > 60_000) throw new Error(`Only ${done.ticks} of ${ticks} ticks came.`);
    await wait(100);
  }
};

/** Seconds of CPU that the workerd processes below `child` have used, from /proc (clock ticks of 10 ms). */
const cpuSeconds = (child: ChildProcess) => {
  const processes = execFileSync('ps', ['-eo', 'pid=,pgid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  const own = processes
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, name]) => Number(group) === child.pid && name?.startsWith('workerd'));
  return own.reduce((sum, [pid]) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
};

const round = (value: number, digits = 3) => Number(value.toFixed(digits));

const measureFloor = async (child: ChildProcess, urls: string[]) => {
  // As many loops at once as there are Probers at work, so that a slow target does not make the floor take minutes.
  const share = Math.max(6, Math.ceil(urls.length / 48));
  const before = cpuSeconds(child);
  await Promise.all(
    Array.from({ length: Math.ceil(urls.length / share) }, (_, i) =>
      post('/bench/floor', urls.slice(i * share, (i + 1) * share)),
    ),
  );
  return ((cpuSeconds(child) - before) * 1000) / urls.length;
};

const measure = async (child: ChildProcess, target: string, count: number, delayMs: number) => {
  const urlOf = (i: number) => `${target}/delay/${delayMs}?n=${i}`;
  await seed(count, urlOf);
  const ticks = count * regions.length;
  const urls = Array.from({ length: ticks }, (_, i) => urlOf(i % count));
  await runRound(ticks);
  await measureFloor(child, urls);
  const results: { wallMs: number; cpuMs: number; floorMs: number; done: Done }[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = cpuSeconds(child);
    const { wallMs, ...done } = await runRound(ticks);
    const cpuMs = ((cpuSeconds(child) - before) * 1000) / ticks;
    results.push({ wallMs, cpuMs, done, floorMs: await measureFloor(child, urls) });
  }
  const cpuMsPerCheck = median(results.map((r) => r.cpuMs));
  const floorCpuMsPerCheck = median(results.map((r) => r.floorMs));
  return {
    monitors: count,
    delayMs,
    roundMs: Math.round(median(results.map((r) => r.wallMs))),
    cpuMsPerCheck: round(cpuMsPerCheck),
    floorCpuMsPerCheck: round(floorCpuMsPerCheck),
    ratioToFloor: round(cpuMsPerCheck / floorCpuMsPerCheck, 2),
    rowsWrittenPer1000Ticks: round((median(results.map((r) => r.done.rowsWritten)) * 1000) / ticks, 1),
    monitorObjectCalls: Math.max(...results.map((r) => r.done.monitorCalls)),
  };
};

const state = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
const targets = await startTargets();
const worker = await startWorker(state);
try {
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const count of counts)
    for (const delayMs of delaysMs) {
      rows.push(await measure(worker, targets.address, count, delayMs));
      console.table(rows.slice(-1));
    }
  console.log(JSON.stringify({ bench: 'pipeline', rounds, rows }));
} finally {
  targets.child.kill();
  if (worker.pid) process.kill(-worker.pid);
  rmSync(state, { recursive: true, force: true });
}
