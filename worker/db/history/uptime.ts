import { sql } from 'drizzle-orm';
import {
  type CountedSpan,
  countedSpans,
  type History,
  observedMs,
  type Span,
  uptimeOf,
  type VerdictMs,
  verdictMs,
} from '../../domain/history/uptime.ts';
import { begunByItselfMs } from '../../domain/verdict/stall.ts';
import type { Services } from '../../services.ts';
import { type DispatchPair, dispatchGapsOf, selectDispatchGaps } from '../checks/dispatches.ts';
import type { Database } from '../core/client.ts';
import { readTogether } from '../core/readTogether.ts';
import { type MonitorWindow, maintenanceOf, selectWindows, windowsOf } from '../maintenance/readMaintenance.ts';
import { selectVerdictSpans, type VerdictSpanRow, verdictSpansOf } from '../verdicts/verdictChanges.ts';
import { type ReclassifiedRow, selectReclassified } from './reclassifications.ts';

type Monitors = readonly { number: number; createdAt: number }[];

/** The known history of each monitor in the period; four statements in one trip for any number of monitors. */
export const readHistories = async (
  { db, d1 }: Services,
  monitors: Monitors,
  period: Span,
): Promise<Map<number, History>> => {
  const numbers = monitors.map((monitor) => monitor.number);
  const [windows, ...known] = await readTogether(d1, [
    selectWindows(db, numbers, period),
    ...selectHistories(db, numbers, period),
  ]);
  return historiesOf(monitors, period, windowsOf(numbers, windows), known);
};

/** The same for a single monitor by number; null where it is deleted. */
export const readHistory = async ({ db, d1 }: Services, number: number, period: Span): Promise<History | null> => {
  const [[monitor], windows, ...known] = await readTogether(d1, [
    db.all<{ createdAt: number }>(sql`SELECT created_at AS createdAt FROM monitors WHERE number = ${number}`),
    selectWindows(db, [number], period),
    ...selectHistories(db, [number], period),
  ]);
  if (!monitor) return null;
  const histories = historiesOf([{ number, ...monitor }], period, windowsOf([number], windows), known);
  return histories.get(number) ?? null;
};

/** The parts of histories besides maintenance windows. */
export const selectHistories = (db: Database, numbers: readonly number[], { from, to }: Span) =>
  [
    selectVerdictSpans(db, { numbers, from }),
    selectDispatchGaps(db, { from, to }),
    selectReclassified(db, { numbers, from, to }),
  ] as const;

type HistoryRows = [VerdictSpanRow[], DispatchPair[], ReclassifiedRow[]];

/** `windows` are those of the period or more. */
export const historiesOf = (
  monitors: Monitors,
  period: Span,
  windows: ReadonlyMap<number, MonitorWindow[]>,
  [changes, pairs, counted]: HistoryRows,
): Map<number, History> => {
  const spans = verdictSpansOf(
    monitors.map(({ number }) => number),
    changes,
  );
  const gaps = dispatchGapsOf(pairs);
  const reclassified = Map.groupBy(counted, ({ monitor }) => monitor);
  const maintenance = maintenanceOf(windows, period);
  return new Map(
    monitors.map(({ number, createdAt }) => {
      const history: History = {
        spans: spans.get(number) ?? [],
        gaps: since(gaps, createdAt + begunByItselfMs),
        maintenance: since(maintenance.get(number) ?? [], createdAt),
        reclassified: reclassified.get(number) ?? [],
      };
      return [number, history];
    }),
  );
};

/** How the time of each monitor in the period, none of it later than now, counts. */
export const readCountedSpans = async (
  services: Services,
  monitors: Monitors,
  { from, to }: Span,
): Promise<Map<number, CountedSpan[]>> => {
  const period = { from, to: Math.max(from, Math.min(to, services.now())) };
  const histories = await readHistories(services, monitors, period);
  return new Map([...histories].map(([number, history]) => [number, countedSpans(history, period)]));
};

/** Milliseconds per verdict of each monitor in the period, as they count. */
export const readVerdictMs = async (
  services: Services,
  monitors: Monitors,
  period: Span,
): Promise<Map<number, VerdictMs>> => {
  const counted = await readCountedSpans(services, monitors, period);
  return new Map([...counted].map(([number, spans]) => [number, verdictMs(spans)]));
};

const since = (spans: readonly Span[], from: number): Span[] =>
  spans.filter((span) => span.to > from).map((span) => ({ from: Math.max(span.from, from), to: span.to }));

const dayMs = 86_400_000;

export interface Uptime24h {
  /** With three decimals; null without data. */
  percent: number | null;
  /** Share of the 24 h that it covers. */
  observedMs: number;
}

/** The 24 h before `now` (ms). */
export const last24h = (now: number): Span => ({ from: now - dayMs, to: now });

/** Of the last 24 h, per monitor. */
export const readUptime24h = async (services: Services, monitors: Monitors): Promise<Map<number, Uptime24h>> => {
  const period = last24h(services.now());
  return uptime24hOf(await readHistories(services, monitors, period), period);
};

export const uptime24hOf = (histories: ReadonlyMap<number, History>, period: Span): Map<number, Uptime24h> =>
  new Map(
    [...histories].map(([number, history]) => {
      const own = verdictMs(countedSpans(history, period));
      return [number, { percent: uptimeOf(own), observedMs: observedMs(own) }];
    }),
  );
