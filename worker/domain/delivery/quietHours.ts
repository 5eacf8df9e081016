import { weeklyHoursEnd } from '../time/weeklyHours.ts';
import type { QuietHours } from './quietHoursSchema.ts';

export type { QuietHours };

/** More entries than can follow on one another in a week. */
const maxInARow = 200;

/** The end of the channel's quiet hours, in ms since the epoch; null where deliveries may go at once. */
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
 * Until when a due delivery is deferred; null where it is sent, or is not due. Retries are deferred too. A deferred delivery
 * is sent once quiet hours end, or a person releases it; if that attempt fails, its retries respect the next quiet hours.
 */
export const holdUntil = (
  { isCritical, dueAt, heldUntil: held, triedAt }: Holdable,
  quiet: QuietHours | null,
  now: number,
): number | null => {
  const isReleased = held !== null && held <= now && (triedAt === null || triedAt < held);
  return dueAt > now || isReleased ? null : heldUntil(quiet, now, isCritical);
};
