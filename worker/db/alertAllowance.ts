import { limitPeriod, teamLimits } from '../domain/limits.ts';

/** How many alerts a team may have written in a day, in the batch that writes them (deliveryPlan.ts). */
export interface AlertRate {
  /** The installation's number; the team may have one of its own. */
  alertsPerDay: number;
  /** ms since the epoch. */
  now: number;
}

export const alertPeriod = ({ now }: AlertRate) => limitPeriod(teamLimits.alertsPerDay.periodMs, now);

/** All are SQL: the team's id, the begin of the period, the installation's number. */
export const alertsAllowed = (team: string, installation: string) =>
  `ifnull((SELECT value FROM team_limits WHERE team_id = ${team} AND name = 'alertsPerDay'), ${installation})`;

export const alertsLeft = (team: string, from: string, installation: string) =>
  `(SELECT ${alertsAllowed(team, installation)} - ifnull((SELECT used FROM team_allowances
     WHERE team_id = ${team} AND name = 'alertsPerDay' AND period_start = ${from}), 0))`;

/**
 * Counts what the statement before it in the batch inserted: `changes()` leaves out what was there already, so that a
 * decision that is carried out twice counts once. https://www.sqlite.org/lang_corefunc.html#changes
 */
export const countAlerts = (d1: D1Database, teamId: string, rate: AlertRate): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO team_allowances (team_id, name, period_start, used)
       SELECT ?1, 'alertsPerDay', ?2, changes() WHERE changes() > 0
       ON CONFLICT DO UPDATE SET used = iif(period_start = ?2, used, 0) + excluded.used, period_start = ?2`,
    )
    .bind(teamId, alertPeriod(rate).from);
