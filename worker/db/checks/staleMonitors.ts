import { eq, sql } from 'drizzle-orm';
import { type Stall, staleSince, type Watched, whileStale } from '../../domain/verdict/stall.ts';
import type { Services } from '../../services.ts';
import { monitors } from '../schema.ts';
import { readStall } from './dispatches.ts';

type Row = Omit<Watched, 'seenSince'> & { number: number };

/**
 * Since when those of these monitors that are stale have not been checked, by number. Costs a read of the last dispatched
 * minutes; ticks are read only in the hours after a stall, and only those of monitors in doubt.
 */
export const readStale = async (services: Services, rows: readonly Row[]): Promise<Map<number, number>> =>
  findStale(services, rows, await readStall(services.db, services.now()));

/** The same of all monitors of a team. */
export const listStaleOfTeam = async (services: Services, teamId: string): Promise<Map<number, number>> => {
  const stall = await readStall(services.db, services.now());
  if (!stall) return new Map();
  const { number, verdict, createdAt, intervalSeconds, stretch, timeoutMs, regions } = monitors;
  const rows = await services.db
    .select({ number, verdict, createdAt, intervalSeconds, stretch, timeoutMs, regions })
    .from(monitors)
    .where(eq(monitors.teamId, teamId));
  return findStale(services, rows, stall);
};

/** The monitors as they are shown, and since when they are stale. */
export const asShown = async <T extends Row & Parameters<typeof whileStale>[0]>(
  services: Services,
  rows: readonly T[],
): Promise<(T & { staleSince: number | null })[]> => {
  const stale = await readStale(services, rows);
  return rows.map((row) => {
    const since = stale.get(row.number) ?? null;
    return { ...whileStale(row, since), staleSince: since };
  });
};

/** The same during a known stall. */
export const findStale = async (
  services: Services,
  rows: readonly Row[],
  stall: Stall | null,
): Promise<Map<number, number>> => {
  const now = services.now();
  const sinceWhen = (row: Row, seenSince: boolean) => staleSince({ ...row, seenSince }, stall, now);
  const doubtful = rows.filter((row) => sinceWhen(row, false) !== null);
  const isAsked = stall?.to && doubtful.length > 0;
  const lastSeen = isAsked ? await listSeenSince(services, doubtful, stall.from) : new Set<number>();
  const judged = doubtful.map((row) => [row.number, sinceWhen(row, lastSeen.has(row.number))] as const);
  return new Map(judged.filter((one): one is readonly [number, number] => one[1] !== null));
};

/** Numbers of the monitors with an outcome of a check due since `from` (ms). */
const listSeenSince = async ({ db }: Services, rows: readonly Row[], from: number): Promise<Set<number>> => {
  const lastSeen = await db.all<{ number: number }>(
    sql`SELECT m.number FROM json_each(${JSON.stringify(rows.map(({ number }) => number))}) AS asked
        CROSS JOIN monitors AS m ON m.number = asked.value
        WHERE EXISTS (SELECT 1 FROM tick_batches AS b WHERE b.cohort = m.cohort AND b.slot >= ${from}
          AND json_extract(b.ticks, '$."' || m.number || '"[0]') < 3)`,
  );
  return new Set(lastSeen.map(({ number }) => number));
};
