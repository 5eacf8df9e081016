import { and, eq, sql } from 'drizzle-orm';
import type { MaintenanceInput } from '../../domain/maintenance/maintenanceSchema.ts';
import { windowProblems } from '../../domain/maintenance/maintenanceWindow.ts';
import { firesPerDay, normalizeRule } from '../../domain/time/recurrence.ts';
import { PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import type { Database } from '../core/client.ts';
import { requireMonitors } from '../monitors/ownMonitors.ts';
import { maintenanceWindows } from '../schema.ts';
import { getTeam } from '../teams/teams.ts';

export type NewMaintenance = Omit<MaintenanceInput, 'timeZone'> & { timeZone?: string | undefined };

/** The requested window, in the team's time zone unless it names one. Throws `invalid_request` where it does not fit. */
export const fittingMaintenance = async (
  { db, now }: Services,
  teamId: string,
  given: NewMaintenance,
): Promise<MaintenanceInput> => {
  const input = { ...given, timeZone: given.timeZone ?? (await getTeam(db, teamId)).timeZone };
  const problems = windowProblems(input, now());
  if (problems.length > 0) throw new PharosError('invalid_request', 'Some values are invalid.', problems);
  await requireMonitors(db, teamId, input.monitorIds);
  return input;
};

/** For all open windows of a team together: each occurrence costs time in every list, page and report of its period. */
const maxFiresPerDay = 240;

const perDay = (rule: string | null) => (rule === null ? 0 : firesPerDay(rule));

/** Throws `invalid_request` where the team's windows would occur too often after this change. */
export const requireSeldom = async (
  db: Database,
  { teamId, id, now }: { teamId: string; id?: string; now: number },
  { rrule, timeZone }: MaintenanceInput,
) => {
  const open = await db
    .select({ id: maintenanceWindows.id, rrule: maintenanceWindows.rrule })
    .from(maintenanceWindows)
    .where(
      and(
        eq(maintenanceWindows.teamId, teamId),
        sql`ifnull(${maintenanceWindows.effectiveUntil}, ${now + 1}) > ${now}`,
      ),
    );
  const before = perDay(open.find((window) => window.id === id)?.rrule ?? null);
  const own = perDay(rrule?.trim() ? normalizeRule(rrule, timeZone) : null);
  const others = open.reduce((sum, window) => sum + (window.id === id ? 0 : perDay(window.rrule)), 0);
  if (own <= before || others + own <= maxFiresPerDay) return;
  throw new PharosError('invalid_request', 'The windows of the team occur too often.', [
    {
      path: 'rrule',
      message: `The windows of a team can occur at most ${maxFiresPerDay} times a day in total; with this one they would occur ${others + own} times. Repeat it less often, or add several monitors to one window.`,
    },
  ]);
};
