import { weeklyHoursEnd } from '../time/weeklyHours.ts';
import type { QuietHours } from './quietHoursSchema.ts';

export type { QuietHours };

/** More entries than can follow on one another in a week. */
const maxInARow = 200;

/** When the channel may speak again, in ms since the epoch; null where it may at once. */
export const heldUntil = (quiet: QuietHours | null, now: number, isCritical = false): number | null => {
  if (!quiet || (isCritical && quiet.exceptCritical)) return null;
  let until: number | null = null;
  for (let i = 0; i < maxInARow; i++) {
    const end = weeklyHoursEnd(quiet.hours, quiet.timeZone, until ?? now);
    if (end === null) return until;
    until = end;
  }
  return until;
};

/** A delivery that is not settled, as far as it matters here. Times are ms since the epoch. */
export interface Holdable {
  isCritical: boolean;
  dueAt: number;
  /** Until when it was held last; null where it never was. */
  heldUntil: number | null;
  /** When its last attempt began; null before the first. */
  triedAt: number | null;
}

/**
 * Until when a delivery waits although it is due; null where it goes, or is not due. Retries wait too. What was held goes
 * once that is over, or a person let it go; should that attempt fail, its retries keep the quiet hours that come then.
 */
export const holdUntil = (
  { isCritical, dueAt, heldUntil: held, triedAt }: Holdable,
  quiet: QuietHours | null,
  now: number,
): number | null => {
  const isReleased = held !== null && held <= now && (triedAt === null || triedAt < held);
  return dueAt > now || isReleased ? null : heldUntil(quiet, now, isCritical);
};
