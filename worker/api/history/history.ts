import { Hono } from 'hono';
import { type HistorySpanView, historyView, uptimeView } from '../../contract/history.ts';
import type { Database } from '../../db/core/client.ts';
import { readCountedSpans } from '../../db/history/uptime.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { countVerdictChanges } from '../../db/verdicts/verdictChanges.ts';
import {
  type CountedSpan,
  observedMs,
  type Span,
  secondsOf,
  uptimeOf,
  type VerdictMs,
  verdictMs,
} from '../../domain/history/uptime.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { ownMonitor } from '../http/monitorContext.ts';
import { periodOf, periodQuery } from '../http/period.ts';
import { reply } from '../http/reply.ts';
import { validQuery } from '../http/validate.ts';

/** A flapping monitor has thousands of spans a day. */
const maxHistoryDays = 31;

const shareOf = (ms: VerdictMs) => ({ uptimePercent: uptimeOf(ms), seconds: secondsOf(ms) });

const toSpanView = ({ from, to, verdict, countsAs, reclassification }: CountedSpan): HistorySpanView => ({
  from: toIsoTime(from),
  to: toIsoTime(to),
  verdict,
  countsAs,
  reclassificationId: reclassification,
});

/** A day of a monitor that flaps all the time has about 4,000: more are read in parts. */
const maxChanges = 20_000;

/** Throws `invalid_request` where the response would consist of too many changes. */
const requireFewChanges = async (db: Database, number: number, period: Span) => {
  if ((await countVerdictChanges(db, { number, ...period }, maxChanges)) <= maxChanges) return;
  const message = `The monitor changed more than ${maxChanges.toLocaleString('en')} times in this period. Request a shorter one.`;
  throw new PharosError('invalid_request', 'The period is invalid.', [{ path: 'from', message }]);
};

/** The uptime and history of a monitor: `/monitors/:id/uptime` and `/history`. Behind the session that `/monitors` requires. */
export const history = new Hono<ApiEnv>()
  .get('/uptime', validQuery(periodQuery), async (c) => {
    const { services } = c.var;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    const { from, to } = periodOf(c.req.valid('query'), services.now());
    await requireFewChanges(services.db, monitor.number, { from, to });
    const spans = (await readCountedSpans(services, [monitor], { from, to })).get(monitor.number) ?? [];
    const differs = spans.some((span) => span.countsAs !== span.verdict);
    return reply(c, uptimeView, {
      from: toIsoTime(from),
      to: toIsoTime(to),
      ...shareOf(verdictMs(spans)),
      observedSeconds: Math.ceil(observedMs(verdictMs(spans)) / 1000),
      original: differs ? shareOf(verdictMs(spans, 'verdict')) : null,
    });
  })
  .get('/history', validQuery(periodQuery), async (c) => {
    const { services } = c.var;
    const monitor = await getMonitor(services.db, ownMonitor(c));
    const period = periodOf(c.req.valid('query'), services.now(), maxHistoryDays);
    const { to } = period;
    const from = Math.min(Math.max(period.from, monitor.createdAt), to);
    await requireFewChanges(services.db, monitor.number, { from, to });
    const spans = (await readCountedSpans(services, [monitor], { from, to })).get(monitor.number) ?? [];
    return reply(c, historyView, { from: toIsoTime(from), to: toIsoTime(to), spans: spans.map(toSpanView) });
  });
