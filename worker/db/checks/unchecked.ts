import { eq, sql } from 'drizzle-orm';
import { type Standstill, uncheckedSince, type Watched, whileUnchecked } from '../../domain/verdict/standstill.ts';
import type { Services } from '../../services.ts';
import { monitors } from '../schema.ts';
import { readStandstill } from './dispatches.ts';

type Row = Omit<Watched, 'heardSince'> & { number: number };

/**
 * Since when (ms) those of these monitors are not checked whose verdict says nothing of the present, by number. Costs a look
 * at the last minutes that were dispatched; ticks are read only in the hours after a standstill, and of those in doubt.
 */
export const readUnchecked = async (services: Services, rows: readonly Row[]): Promise<Map<number, number>> =>
  judgeUnchecked(services, rows, await readStandstill(services.db, services.now()));

/** The same of all monitors of a team. */
export const listUnchecked = async (services: Services, teamId: string): Promise<Map<number, number>> => {
  const standstill = await readStandstill(services.db, services.now());
  if (!standstill) return new Map();
  const { number, verdict, createdAt, intervalSeconds, stretch, timeoutMs, regions } = monitors;
  const rows = await services.db
    .select({ number, verdict, createdAt, intervalSeconds, stretch, timeoutMs, regions })
    .from(monitors)
    .where(eq(monitors.teamId, teamId));
  return judgeUnchecked(services, rows, standstill);
};

/** The monitors as they are shown, and since when they are not checked. */
export const asShown = async <T extends Row & Parameters<typeof whileUnchecked>[0]>(
  services: Services,
  rows: readonly T[],
): Promise<(T & { uncheckedSince: number | null })[]> => {
  const unchecked = await readUnchecked(services, rows);
  return rows.map((row) => {
    const since = unchecked.get(row.number) ?? null;
    return { ...whileUnchecked(row, since), uncheckedSince: since };
  });
};

/** The same in a standstill that is known already. */
export const judgeUnchecked = async (
  services: Services,
  rows: readonly Row[],
  standstill: Standstill | null,
): Promise<Map<number, number>> => {
  const now = services.now();
  const sinceWhen = (row: Row, heardSince: boolean) => uncheckedSince({ ...row, heardSince }, standstill, now);
  const doubtful = rows.filter((row) => sinceWhen(row, false) !== null);
  const isAsked = standstill?.to && doubtful.length > 0;
  const heard = isAsked ? await listHeard(services, doubtful, standstill.from) : new Set<number>();
  const judged = doubtful.map((row) => [row.number, sinceWhen(row, heard.has(row.number))] as const);
  return new Map(judged.filter((one): one is readonly [number, number] => one[1] !== null));
};

/** Numbers of those of which some check due since `from` (ms) said something. */
const listHeard = async ({ db }: Services, rows: readonly Row[], from: number): Promise<Set<number>> => {
  const heard = await db.all<{ number: number }>(
    sql`SELECT m.number FROM json_each(${JSON.stringify(rows.map(({ number }) => number))}) AS asked
        CROSS JOIN monitors AS m ON m.number = asked.value
        WHERE EXISTS (SELECT 1 FROM tick_batches AS b WHERE b.cohort = m.cohort AND b.slot >= ${from}
          AND json_extract(b.ticks, '$."' || m.number || '"[0]') < 3)`,
  );
  return new Set(heard.map(({ number }) => number));
};
