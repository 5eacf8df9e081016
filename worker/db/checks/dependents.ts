/** A monitor by the name of its object. */
export interface Dependent {
  id: string;
  number: number;
  teamId: string;
}

/** A monitor notifies at most this many dependents; the others refresh by themselves within a minute. */
const maxNotified = 200;

/** The monitors that depend on this one, directly or through others, and that may wait for it: `dependentsOf` its result. */
export const selectWaitingDependents = (d1: D1Database, monitor: number): D1PreparedStatement =>
  d1
    .prepare(
      `WITH RECURSIVE below(number) AS (
         SELECT monitor FROM monitor_dependencies WHERE depends_on = ?1
         UNION SELECT d.monitor FROM below CROSS JOIN monitor_dependencies AS d ON d.depends_on = below.number)
       SELECT m.id, m.number, m.team_id AS teamId FROM below CROSS JOIN monitors AS m ON m.number = below.number
       WHERE m.cohort IS NOT NULL AND (m.verdict = 'down' OR m.suspect = 1 OR m.flapping = 1 OR EXISTS (
         SELECT 1 FROM incidents AS i WHERE i.monitor = m.number AND i.resolved_at IS NULL))
       LIMIT ${maxNotified}`,
    )
    .bind(monitor);

export const dependentsOf = (result: D1Result | undefined) => (result?.results ?? []) as unknown as Dependent[];

export const listWaitingDependents = async (d1: D1Database, monitor: number): Promise<Dependent[]> =>
  dependentsOf(await selectWaitingDependents(d1, monitor).all());
