/** Rounds of the benchmarks of checks: N monitors in three regions, due all at once. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedSettings } from '../httpMonitor.ts';
import { origin, post, wait } from './start.ts';

/** Of each check: what is not stored by then is never stored. */
const intervalMs = 60_000;

export const regions = ['enam', 'weur', 'apac'];
export const startTargets = async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'target.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((done) => child.stdout.once('data', (data) => done(String(data).trim())));
  return { child, address };
};

/** Those that never answer are known to be down, as they are after their first minute. */
export const seed = async (count: number, urlOf: (i: number) => string, hangs: (i: number) => boolean) => {
  const now = Date.now();
  const healthOf = (i: number) => (hangs(i) ? 'down' : 'up');
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
      (i) => `INSERT INTO monitors (id, team_id, kind, name, settings, address, timeout_ms, interval_seconds,
        regions, tags, cohort, verdict, verdict_since, region_health, created_at, updated_at)
        VALUES ('mon_${i}', 'team_bench', 'http', 'bench', '${storedSettings(urlOf(i))}',
        '${urlOf(i)}', 10000, 60, '${JSON.stringify(regions)}', '[]', ${Math.floor(i / 100) + 1},
        '${healthOf(i)}', ${now}, '${JSON.stringify(Object.fromEntries(regions.map((r) => [r, healthOf(i)])))}', ${now}, ${now})`,
    ),
  ]);
};

export interface Done {
  ticks: number;
  rowsRead: number;
  rowsWritten: number;
  appends: number;
  laneChanges: number;
  monitorCalls: number;
  proberCalls: number;
  proberMs: number;
  handedOn: number;
  probers: number;
  logLines: number;
}

export const runRound = async (ticks: number) => {
  const began = performance.now();
  const { slot } = await post<{ slot: number }>('/bench/round', {});
  for (;;) {
    const done = (await (await fetch(`${origin}/bench/done?slot=${slot}&ticks=${ticks}`)).json()) as Done;
    const wallMs = performance.now() - began;
    if (done.ticks >= ticks || wallMs > intervalMs) return { ...done, wallMs };
    await wait(100);
  }
};

export const round = (value: number, digits = 3) => Number(value.toFixed(digits));

export interface Case {
  monitors: number;
  delayMs: number;
  hangingPercent: number;
}

export const prepare = async (target: string, { monitors, delayMs, hangingPercent }: Case) => {
  const hangs = (i: number) => (i * hangingPercent) % 100 < hangingPercent;
  const urlOf = (i: number) => `${target}/${hangs(i) ? 'hang' : `delay/${delayMs}`}?n=${i}`;
  await seed(monitors, urlOf, hangs);
  const ticks = monitors * regions.length;
  const answering = Array.from({ length: monitors }, (_, i) => i).filter((i) => !hangs(i));
  return { ticks, urls: regions.flatMap(() => answering.map(urlOf)) };
};

/** Seconds of CPU that the workerd processes below `child` have used, from /proc (clock ticks of 10 ms). */
export const cpuSeconds = (child: ChildProcess) => {
  const processes = execFileSync('ps', ['-eo', 'pid=,pgid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  const own = processes
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, name]) => Number(group) === child.pid && name?.startsWith('workerd'));
  return own.reduce((sum, [pid]) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
};
