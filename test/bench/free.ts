/**
 * `npm run bench -- free`: what a minute of the cron, a batch and a Prober's call cost with five monitors in three regions,
 * against the limits of the free plan: 10 ms of CPU and 50 subrequests per invocation. CPU is that of the process, per
 * invocation of many, with a database (and, to a batch, a Prober) that answers at once what it answered before: a local
 * Worker has both in its process, and a deployed one has not. `coldMs`: the same in a fresh process, whose code has not run
 * yet, less what an invocation that does nothing costs there. Ends with one JSON line.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { round, seed, startTargets } from './rounds.ts';
import { median, origin, post, startWorker } from './start.ts';

const monitors = 5;
const times = 100;
const limits = { cpuMs: 10, subrequests: 50 };

const state = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
const targets = await startTargets();
let worker = await startWorker(state);

const stop = async () => {
  const ended = new Promise((done) => worker.once('exit', done));
  if (worker.pid) process.kill(-worker.pid);
  await ended;
};

/** Milliseconds of CPU of the workerd processes, to the nanosecond. */
const cpuMs = () => {
  const processes = execFileSync('ps', ['-eo', 'pid=,pgid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  const own = processes
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, name]) => Number(group) === worker.pid && name?.startsWith('workerd'));
  const tasks = own.flatMap(([pid]) => readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`));
  return tasks.reduce((sum, task) => sum + Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
};

interface Asked {
  trips: number;
  statements: number;
  queueSends: number;
  objectCalls: number;
}

/** CPU of one such invocation on average, and what the last one asked. */
const invoke = async (kind: string, count: number, alone: boolean) => {
  const before = cpuMs();
  const asked = await post<Asked>('/bench/invoke', { kind, times: count, alone });
  return { cpuMs: (cpuMs() - before) / count, asked };
};

const measure = async (kind: string) => {
  const first = await invoke(kind, 1, false);
  const whole = await invoke(kind, times, false);
  await invoke(kind, times, true);
  const alone = [await invoke(kind, times, true), await invoke(kind, times, true), await invoke(kind, times, true)];
  const own = median(alone.map((one) => one.cpuMs));
  const { trips, statements, queueSends, objectCalls } = whole.asked;
  const sum = (asked: Asked) => asked.trips + asked.queueSends + asked.objectCalls;
  const [subrequests, firstSubrequests] = [sum(whole.asked), sum(first.asked)];
  return {
    invocation: kind,
    cpuMs: round(own, 2),
    withDatabaseMs: round(whole.cpuMs, 2),
    ...{ subrequests, firstSubrequests, trips, statements, queueSends, objectCalls },
    fits: own <= limits.cpuMs && Math.max(subrequests, firstSubrequests) <= limits.subrequests,
  };
};

/** Each kind in a process of its own, in which only answers were put in before. */
const measureCold = async (kind: string) => {
  const known = await (await fetch(`${origin}/bench/answers`)).json();
  await stop();
  worker = await startWorker(state);
  await post('/bench/answers', known);
  return (await invoke(kind, 1, true)).cpuMs;
};

const kinds = ['cron minute', 'batch of five', 'Prober call'];

try {
  await seed(
    monitors,
    (i) => `${targets.address}/delay/0?n=${i}`,
    () => false,
  );
  await post('/bench/seed', [
    'UPDATE cohorts SET interval_seconds = 30, size = 5',
    'UPDATE monitors SET interval_seconds = 30',
  ]);
  const warm: Awaited<ReturnType<typeof measure>>[] = [];
  for (const kind of kinds) warm.push(await measure(kind));
  const rows: ((typeof warm)[number] & { coldMs: number })[] = [];
  const floor = await measureCold('nothing');
  for (const one of warm) rows.push({ ...one, coldMs: round((await measureCold(one.invocation)) - floor, 1) });
  console.table(rows);
  console.log(JSON.stringify({ bench: 'free', monitors, times, limits, rows }));
} finally {
  targets.child.kill();
  await stop();
  rmSync(state, { recursive: true, force: true });
}
