/**
 * `npm run bench -- platform`: what a batch of 100 checks costs on the platform at 50 to 1,500 ms and with 5 % that never
 * answer, by D1's own counter and by counters around objects and logs; and the bill of a month that follows from it.
 * The time of objects is that of this machine. Ends with one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOf } from './bill.ts';
import { type Case, cpuSeconds, type Done, prepare, regions, round, runRound, startTargets } from './rounds.ts';
import { median, startWorker } from './start.ts';

const monitors = 300;
const rounds = 2;
const cases: Case[] = [
  ...[50, 300, 700, 1_500].map((delayMs) => ({ monitors, delayMs, hangingPercent: 0 })),
  { monitors, delayMs: 50, hangingPercent: 5 },
];

/** Of what is watched in the bill: 300 ms, a twentieth of the batches as with 5 % that never answer. */
const hangingShare = 0.05;

/** What query-plans-minute.test asserts. */
const minute = { rowsReadPerMonitor: 4.5, rowsWritten: 4, logLines: 2 };

const state = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
const targets = await startTargets();
const worker = await startWorker(state);

const measure = async (one: Case) => {
  const { ticks } = await prepare(targets.address, one);
  await runRound(ticks);
  const done: (Done & { cpuMs: number })[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = cpuSeconds(worker);
    const result = await runRound(ticks);
    done.push({ ...result, cpuMs: (cpuSeconds(worker) - before) * 1000 });
  }
  const batches = (monitors / 100) * regions.length;
  const per = (of: (one: (typeof done)[number]) => number) => round(median(done.map(of)) / batches, 2);
  return {
    case: one.hangingPercent > 0 ? `${one.delayMs} ms, ${one.hangingPercent} % hanging` : `${one.delayMs} ms`,
    stored: round(median(done.map((each) => each.ticks)) / ticks),
    objectCalls: per((each) => each.proberCalls + each.monitorCalls),
    objectSeconds: per((each) => each.proberMs / 1000),
    appends: per((each) => each.appends),
    logLines: per((each) => each.logLines),
    rowsRead: per((each) => each.rowsRead),
    rowsWritten: per((each) => each.rowsWritten),
    cpuMs: per((each) => each.cpuMs),
  };
};

try {
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const one of cases) rows.push(await measure(one));
  console.table(rows);
  const [ordinary, hanging] = [rows[1], rows.at(-1)];
  if (!ordinary || !hanging) throw new Error('Nothing was measured.');
  const mean = (of: (row: (typeof rows)[number]) => number) =>
    of(ordinary) * (1 - hangingShare) + of(hanging) * hangingShare;
  const batch = {
    messages: 1 + hangingShare,
    objectCalls: mean((row) => row.objectCalls),
    objectSeconds: mean((row) => row.objectSeconds),
    // A delivery may hold one message only, so each message may be a line.
    logLines: 1 + hangingShare,
    rowsRead: mean((row) => row.rowsRead),
    rowsWritten: mean((row) => row.rowsWritten),
    // With that of objects and D1, which the platform does not bill as CPU: an upper bound.
    cpuMs: mean((row) => row.cpuMs),
    storedBytes: 100 * 46,
  };
  const bills = [1_000, 10_000].map((count) => billOf(count, batch, minute));
  for (const { monitors: count, lines, usd } of bills) {
    console.log(`${count} monitors × ${regions.length} regions × 30 s: $${usd} a month`);
    console.table(lines);
  }
  console.log(JSON.stringify({ bench: 'platform', monitors, rounds, rows, bills }));
} finally {
  targets.child.kill();
  if (worker.pid) process.kill(-worker.pid);
  rmSync(state, { recursive: true, force: true });
}
