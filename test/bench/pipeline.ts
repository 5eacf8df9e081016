/**
 * `npm run bench -- pipeline`: rounds of N monitors in three regions, from dispatch to the last stored tick, against a
 * local target that answers after 0 to 1,000 ms, some of it with 5 % that never answer; beside it a bare worker that
 * fetches the same URLs six at a time and stores nothing (the floor). CPU is that of the workerd processes. Last comes
 * the overload: other processes take most of the CPU, and what counts is the share of checks that are stored within
 * their interval, and that the work for each does not grow. Ends with one JSON line.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, cpuSeconds, type Done, prepare, round, runRound, startTargets } from './rounds.ts';
import { median, post, startWorker } from './start.ts';

const rounds = 3;

/** `npm run bench -- pipeline 1000 200 5 calm`: monitors, ms, percent that hang, `calm` or `overload`; each a list. */
const list = (given: string | undefined, all: number[]) => (given ? given.split(',').map(Number) : all);
const [countsGiven, delaysGiven, hangingGiven, loadsGiven] = process.argv.slice(2);
const counts = list(countsGiven, [100, 1_000]);
const delaysMs = list(delaysGiven, [0, 50, 200, 1_000]);
const hangingPercents = list(hangingGiven, [0, 5]);
const loads = (loadsGiven ?? 'calm,overload').split(',');

/** Processes that only compute, for each core. */
const hogsPerCore = 4;

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

/** What a round did, for each 1,000 checks, so that cases compare. */
const workOf = (done: Done[], ticks: number) => {
  const per1000 = (of: (one: Done) => number) => round((median(done.map(of)) * 1000) / ticks, 1);
  return {
    storedShare: round(median(done.map((one) => one.ticks)) / ticks),
    rowsWrittenPer1000: per1000((one) => one.rowsWritten),
    appendsPer1000: per1000((one) => one.appends),
    rowsReadPer1000: per1000((one) => one.rowsRead),
    proberCallsPer1000: per1000((one) => one.proberCalls),
    handedOnPer1000: per1000((one) => one.handedOn),
    probers: Math.max(...done.map((one) => one.probers)),
    logLinesPer1000: per1000((one) => one.logLines),
    monitorObjectCalls: Math.max(...done.map((one) => one.monitorCalls)),
    laneChanges: Math.max(...done.map((one) => one.laneChanges)),
  };
};

const measure = async (child: ChildProcess, target: string, one: Case) => {
  const { ticks, urls } = await prepare(target, one);
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
    ...one,
    roundMs: Math.round(median(results.map((r) => r.wallMs))),
    cpuMsPerCheck: round(cpuMsPerCheck),
    floorCpuMsPerCheck: round(floorCpuMsPerCheck),
    ratioToFloor: round(cpuMsPerCheck / floorCpuMsPerCheck, 2),
    ...workOf(
      results.map((r) => r.done),
      ticks,
    ),
  };
};

const withHogs = async <T>(run: () => Promise<T>): Promise<T> => {
  const hogs = Array.from({ length: hogsPerCore * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    return await run();
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
};

/** The same rounds on a calm machine and on one whose cores many others share. */
const measureOverload = async (target: string, one: Case) => {
  const { ticks } = await prepare(target, one);
  await runRound(ticks);
  const play = async () => {
    const done: Done[] = [];
    for (let i = 0; i < rounds; i++) done.push(await runRound(ticks));
    return workOf(done, ticks);
  };
  const calm = await play();
  const overload = await withHogs(play);
  const shareOfCalm = round(overload.storedShare / calm.storedShare);
  return { ...one, hogsPerCore, shareOfCalm, calm, overload };
};

const state = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
const targets = await startTargets();
const worker = await startWorker(state);
try {
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  const cases = counts.flatMap((monitors) =>
    hangingPercents.flatMap((hangingPercent) =>
      delaysMs.map((delayMs): Case => ({ monitors, delayMs, hangingPercent })),
    ),
  );
  if (loads.includes('calm'))
    for (const one of cases) {
      rows.push(await measure(worker, targets.address, one));
      console.log(JSON.stringify(rows.at(-1)));
    }
  const overloads: Awaited<ReturnType<typeof measureOverload>>[] = [];
  if (loads.includes('overload'))
    for (const delayMs of delaysMs) {
      overloads.push(
        await measureOverload(targets.address, { monitors: Math.max(...counts), delayMs, hangingPercent: 0 }),
      );
      console.log(JSON.stringify(overloads.at(-1), null, 1));
    }
  console.log(JSON.stringify({ bench: 'pipeline', rounds, rows, overloads }));
} finally {
  targets.child.kill();
  if (worker.pid) process.kill(-worker.pid);
  rmSync(state, { recursive: true, force: true });
}
