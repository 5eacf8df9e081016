import { limitPeriod, teamLimits } from '../../domain/teams/limits.ts';

/** Limits of rows that Monitor objects write for a team: counted in the batch that writes them. */
export type RowLimit = 'alertsPerDay' | 'statusChangesPerDay';

/** The limit that counts them. */
export interface RowsOf {
  teamId: string;
  /** ms since the epoch. */
  now: number;
  /** The installation's numbers; the team may have its own. */
  limits: Readonly<Record<RowLimit, number>>;
}

export const periodOf = (name: RowLimit, now: number) => limitPeriod(teamLimits[name].periodMs, now);

/** SQL, of SQL: the team's id and the installation's number. */
export const rowsAllowed = (name: RowLimit, team: string, installation: string) =>
  `ifnull((SELECT value FROM team_limits WHERE team_id = ${team} AND name = '${name}'), ${installation})`;

/** Rows left in the period that begins `from`. All are SQL. */
export const rowsLeft = (name: RowLimit, team: string, from: string, installation: string) =>
  `(SELECT ${rowsAllowed(name, team, installation)} - ifnull((SELECT used FROM team_allowances
     WHERE team_id = ${team} AND name = '${name}' AND period_start = ${from}), 0))`;

/** What `rowsLeft` is bound to: the team, the begin of the period, the installation's number. */
export const boundTo = (name: RowLimit, { teamId, now, limits }: RowsOf) =>
  [teamId, periodOf(name, now).from, limits[name]] as const;

/**
 * Counts the rows that the previous statement of the batch inserted: `changes()` skips existing rows, so that a decision that is
 * carried out twice counts once. https://www.sqlite.org/lang_corefunc.html#changes
 */
export const countRows = (d1: D1Database, name: RowLimit, { teamId, now }: RowsOf): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO team_allowances (team_id, name, period_start, used)
       SELECT ?1, '${name}', ?2, changes() WHERE changes() > 0
       ON CONFLICT DO UPDATE SET used = iif(period_start = ?2, used, 0) + excluded.used, period_start = ?2`,
    )
    .bind(teamId, periodOf(name, now).from);
