import { begunByItselfMs } from '../domain/standstill.ts';
import {
  type CountedSpan,
  countedSpans,
  type History,
  observedMs,
  type Span,
  uptimeOf,
  type VerdictMs,
  verdictMs,
} from '../domain/uptime.ts';
import type { Services } from '../services.ts';
import { listDispatchGaps } from './dispatches.ts';
import { readMaintenance } from './readMaintenance.ts';
import { listReclassified } from './reclassifications.ts';
import { listVerdictSpans } from './verdictChanges.ts';

type Monitors = readonly { number: number; createdAt: number }[];

/** What is known of each monitor's time in the period; four statements for any number of monitors. */
export const readHistories = async (
  { db, d1 }: Services,
  monitors: Monitors,
  { from, to }: Span,
): Promise<Map<number, History>> => {
  const numbers = monitors.map((monitor) => monitor.number);
  const [spans, gaps, reclassified, maintenance] = await Promise.all([
    listVerdictSpans(db, { numbers, from }),
    listDispatchGaps(db, { from, to }),
    listReclassified(db, { numbers, from, to }),
    readMaintenance(d1, numbers, { from, to }),
  ]);
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
  /** How much of the 24 h it stands for. */
  observedMs: number;
}

/** Of the last 24 h, per monitor. */
export const readUptime24h = async (services: Services, monitors: Monitors): Promise<Map<number, Uptime24h>> => {
  const to = services.now();
  const ms = await readVerdictMs(services, monitors, { from: to - dayMs, to });
  return new Map([...ms].map(([number, own]) => [number, { percent: uptimeOf(own), observedMs: observedMs(own) }]));
};
