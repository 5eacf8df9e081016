/**
 * A month's bill from what a batch and a minute were measured to cost, at the prices of Workers Paid as documented to
 * 29 November 2026 (USD; 30 days). History is not in it: compaction and daily rows do not exist yet.
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
  storedGb: { included: 5, perMillion: 0.75e6 },
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

export const billOf = (monitors: number, batch: PerBatch, minute: PerMinute, regions = 3, intervalSeconds = 30) => {
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
    line('ticks of the first month stored, GB', 'storedGb', (batches * batch.storedBytes) / 1e9),
  ];
  return { monitors, lines, usd: Math.round(lines.reduce((sum, { usd }) => sum + usd, 0) * 100) / 100 };
};
