import { type ChecksMessage, packMessages } from '../../worker/checks/dispatch/message.ts';
import { callsOf, maxBesideStoring, maxInFlight } from '../../worker/checks/pipeline/connections.ts';
import { regions } from '../../worker/domain/checks/region.ts';
import { cohortOffsetMs, regionStaggerMs, slotsBetween } from '../../worker/domain/checks/schedule.ts';

/**
 * A month's bill from what a batch and a minute were measured to cost, at the prices of Workers Paid as documented to
 * 29 November 2026 (USD; 30 days). History is not in it: ticks of one day count as stored, because compaction and daily
 * rows do not exist yet.
 */
const prices = {
  month: 5,
  queueOperation: { included: 1e6, perMillion: 0.4 },
  objectRequest: { included: 1e6, perMillion: 0.15 },
  objectGbSecond: { included: 400_000, perMillion: 12.5 },
  rowRead: { included: 25e9, perMillion: 0.001 },
  rowWritten: { included: 50e6, perMillion: 1 },
  request: { included: 10e6, perMillion: 0.3 },
  cpuMs: { included: 30e6, perMillion: 0.02 },
  logLine: { included: 20e6, perMillion: 0.6 },
  traceSpan: { included: 20e6, perMillion: 0.6 },
  storedGb: { included: 5, perMillion: 750_000 },
} as const;

const objectGb = 0.128;
const daysOfMonth = 30;

/** Of one batch of 100 checks, on average over what is watched. */
export interface PerBatch {
  messages: number;
  objectCalls: number;
  objectSeconds: number;
  logLines: number;
  rowsRead: number;
  rowsWritten: number;
  cpuMs: number;
  storedBytes: number;
}

export interface PerMinute {
  rowsReadPerMonitor: number;
  rowsWritten: number;
  logLines: number;
}

export interface BillLine {
  item: string;
  amount: number;
  usd: number;
}

const billOf = (monitors: number, batch: PerBatch, minute: PerMinute, regions = 3, intervalSeconds = 30) => {
  const minutes = daysOfMonth * 1_440;
  const batches = Math.ceil(monitors / 100) * regions * ((minutes * 60) / intervalSeconds);
  const line = (item: string, kind: Exclude<keyof typeof prices, 'month'>, amount: number): BillLine => {
    const { included, perMillion } = prices[kind];
    return {
      item,
      amount: Math.round(amount),
      usd: Math.round(Math.max(0, amount - included) * perMillion * 1e-4) / 100,
    };
  };
  const messages = batches * batch.messages;
  const lines = [
    { item: 'plan', amount: 1, usd: prices.month },
    line('queue operations', 'queueOperation', messages * 3),
    line('object requests', 'objectRequest', batches * batch.objectCalls),
    line('object duration, GB-s', 'objectGbSecond', batches * batch.objectSeconds * objectGb),
    line('rows read', 'rowRead', batches * batch.rowsRead + minutes * minute.rowsReadPerMonitor * monitors),
    line('rows written', 'rowWritten', batches * batch.rowsWritten + minutes * minute.rowsWritten),
    line('requests (cron, queue)', 'request', minutes + messages),
    line('CPU, ms', 'cpuMs', batches * batch.cpuMs),
    line('log lines', 'logLine', batches * batch.logLines + minutes * minute.logLines),
    line('trace spans', 'traceSpan', 0),
    line('stored, GB: ticks of a day', 'storedGb', (batches * batch.storedBytes) / daysOfMonth / 1e9),
  ];
  return { monitors, lines, usd: Math.round(lines.reduce((sum, { usd }) => sum + usd, 0) * 100) / 100 };
};

/** What the bench measured of a case, per batch. */
export type Measured = Pick<PerBatch, 'objectCalls' | 'logLines' | 'rowsRead' | 'rowsWritten' | 'cpuMs'>;

/** So many of the batches are as with 5 % that never answer; the rest as at 300 ms. */
const hangingShare = 0.05;

/** What query-plans-minute.test asserts. */
const minute: PerMinute = { rowsReadPerMonitor: 4.5, rowsWritten: 4, logLines: 2 };

/** How often the objects of a batch wait for targets one after the other, where all take equally long. */
const rounds = callsOf(Array.from({ length: 100 }), 'normal').reduce(
  (sum, checks, i) => sum + Math.ceil(checks.length / (i === 0 ? maxBesideStoring : maxInFlight)),
  0,
);

/** So often, and one call of the slow lane that waits for the timeout: what objects work where nothing else does. */
const objectSecondsAt = (answersAfterMs: number) => (rounds * answersAfterMs) / 1000 + hangingShare * 10;

/** Of so many monitors, as dispatch sends those of a minute. Some cohorts have a second batch, in the slow lane. */
const messagesPerBatch = (monitors: number, regionCount = 3, intervalSeconds = 30) => {
  const about = { version: 1, correlationId: 'run', intervalSeconds } as const;
  const cohorts = Array.from({ length: Math.ceil(monitors / 100) }, (_, i) => i + 1);
  const batches = cohorts.flatMap((cohort) =>
    regions.slice(0, regionCount).flatMap((region, i): ChecksMessage[] => {
      const startOf = cohortOffsetMs(cohort, intervalSeconds) + regionStaggerMs(i, regionCount, intervalSeconds);
      return slotsBetween(60_000, 120_000, intervalSeconds * 1000, startOf).flatMap((slot) => {
        const batch = { ...about, cohort, region, slot, monitors: [1] };
        const hangs = cohort % Math.round(1 / hangingShare) === 0;
        return [{ ...batch, lane: 'normal' }, ...(hangs ? [{ ...batch, lane: 'slow' as const }] : [])];
      });
    }),
  );
  return packMessages(batches).length / batches.filter(({ lane }) => lane === 'normal').length;
};

/** Cases as test/bench/platform.ts lists them: the second at 300 ms, the last with some that hang. */
export const billsOf = (rows: readonly Measured[]) => {
  const [, ordinary] = rows;
  const hanging = rows.at(-1);
  if (!ordinary || !hanging) throw new Error('Nothing was measured.');
  const mean = (of: (row: Measured) => number) => of(ordinary) * (1 - hangingShare) + of(hanging) * hangingShare;
  const batch = {
    objectCalls: mean((row) => row.objectCalls),
    rowsRead: mean((row) => row.rowsRead),
    rowsWritten: mean((row) => row.rowsWritten),
    // With that of objects and D1, which the platform does not bill as CPU: an upper bound.
    cpuMs: mean((row) => row.cpuMs),
    storedBytes: 100 * 46,
  };
  return [1_000, 10_000].flatMap((monitors) => {
    const messages = messagesPerBatch(monitors);
    // A delivery may hold one message only, so each message may be a line.
    const sent = { ...batch, messages, logLines: messages };
    return [100, 200, 300].map((answersAfterMs) => ({
      answersAfterMs,
      ...billOf(monitors, { ...sent, objectSeconds: objectSecondsAt(answersAfterMs) }, minute),
    }));
  });
};
