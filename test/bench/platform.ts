/**
 * `npm run bench -- platform`: what a batch of 100 checks costs on the platform at 50 to 1,500 ms and with 5 % that never
 * answer, by D1's own counter and by counters around objects and logs; and the bill of a month that follows from it.
 * The time of objects is that of this machine, where a busy one makes it long; the bill counts it as if it were alone. Ends with
 * one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billsOf } from './bill.ts';
import { type Case, cpuSeconds, type Done, prepare, regions, round, runRound, startTargets } from './rounds.ts';
import { median, startWorker } from './start.ts';

const monitors = 300;
const rounds = 2;
const cases: Case[] = [
  ...[50, 300, 700, 1_500].map((delayMs) => ({ monitors, delayMs, hangingPercent: 0 })),
  { monitors, delayMs: 50, hangingPercent: 5 },
];

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
  const bills = billsOf(rows);
  console.table(bills.map(({ monitors: count, answersAfterMs, usd }) => ({ monitors: count, answersAfterMs, usd })));
  for (const { monitors: count, answersAfterMs, lines } of bills.filter((bill) => bill.answersAfterMs === 200)) {
    console.log(
      `${count} monitors × ${regions.length} regions × 30 s, targets that answer after ${answersAfterMs} ms:`,
    );
    console.table(lines);
  }
  console.log(JSON.stringify({ bench: 'platform', monitors, rounds, rows, bills }));
} finally {
  targets.child.kill();
  if (worker.pid) process.kill(-worker.pid);
  rmSync(state, { recursive: true, force: true });
}
