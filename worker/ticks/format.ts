import type { Health, Outcome } from '../domain/checks/outcome.ts';
import { type Reason, reasons } from '../domain/checks/reasons.ts';
import type { Region } from '../domain/checks/region.ts';

/**
 * How outcomes are packed into a level-0 row: a JSON object from monitor number to a tuple, so that SQLite can merge
 * rows (`json_patch`) and a view can unpack them. The view `ticks` (migrations/0001) reads the same positions.
 */
export type PackedTick = [
  health: 0 | 1 | 2 | 3,
  reason: Reason,
  status: number | null,
  latencyMs: number,
  startedDelayMs: number,
  dataCentre: string | null,
];

const healths = ['up', 'degraded', 'down', 'unknown'] as const satisfies readonly (Health | 'unknown')[];

const packTick = (o: Outcome): PackedTick => [
  healths.indexOf(o.health) as PackedTick[0],
  o.reason,
  o.status,
  Math.round(o.latencyMs),
  o.startedAt - o.scheduledAt,
  o.dataCentre,
];

export const packTicks = (ticks: readonly { monitor: number; outcome: Outcome }[]): string =>
  JSON.stringify(Object.fromEntries(ticks.map((t) => [t.monitor, packTick(t.outcome)])));

/** Throws where the text is not one of ours: a row that cannot be read is our failure, not the target's. */
export const unpackTick = (text: string, region: Region, slot: number): Outcome => {
  const [health, reason, status, latencyMs, delay, dataCentre] = JSON.parse(text) as PackedTick;
  const known = healths[health];
  if (known === undefined || !reasons.includes(reason)) throw new Error(`Not a packed tick: ${text.slice(0, 100)}`);
  return { health: known, reason, status, latencyMs, region, dataCentre, scheduledAt: slot, startedAt: slot + delay };
};
