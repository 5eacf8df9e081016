import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import type { Region } from '../../domain/checks/region.ts';
import type { Verdict } from '../../domain/history/uptime.ts';
import { type DependencyGraph, describeWay, wayRound } from '../../domain/monitors/dependencies.ts';
import { type FieldProblem, PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { readStale } from '../checks/staleMonitors.ts';
import type { Database } from '../core/client.ts';
import { monitorDependencies, monitors } from '../schema.ts';
import type { MonitorRow } from './monitorRow.ts';

/** Public ids of the dependencies of the monitor in this row, in order of creation. */
export const dependsOnColumn = sql<string[]>`(SELECT json_group_array(id) FROM (
  SELECT upstream.id FROM monitor_dependencies AS d JOIN monitors AS upstream ON upstream.number = d.depends_on
  WHERE d.monitor = monitors.number ORDER BY upstream.number))`.mapWith((text: string) => JSON.parse(text) as string[]);

const listOf = (values: readonly (string | number)[]) => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;

/** Throws `invalid_request` with a line for each id that is none of the team's monitors. */
export const requireDependencies = async (db: Database, teamId: string, ids: readonly string[]): Promise<number[]> => {
  if (ids.length === 0) return [];
  const own = await db
    .select({ id: monitors.id, number: monitors.number })
    .from(monitors)
    .where(and(eq(monitors.teamId, teamId), sql`${monitors.id} IN ${listOf(ids)}`));
  const numbers = new Map(own.map(({ id, number }) => [id, number]));
  refuse(
    ids.flatMap((id, index) =>
      numbers.has(id) ? [] : [{ path: `dependsOn.${index}`, message: 'No such monitor exists.' }],
    ),
  );
  return [...numbers.values()];
};

/**
 * Sets the dependencies of a monitor, for the batch that changes it: `acyclic` belongs into the condition of each of its
 * statements, because another change may close a cycle together with this one. Throws `invalid_request` where a dependency is
 * the monitor itself, none of the team's, or leads back to it.
 */
export const planDependencies = async (db: Database, row: MonitorRow, ids: readonly string[]) => {
  const self = ids.indexOf(row.id);
  if (self !== -1) refuse([{ path: `dependsOn.${self}`, message: 'A monitor cannot depend on itself.' }]);
  const numbers = await requireDependencies(db, row.teamId, ids);
  await refuseCycle(db, row, numbers);
  const acyclic = sql`${row.number} NOT IN (${reachable(numbers)} SELECT number FROM reached)`;
  return { numbers, acyclic };
};

/** Replaces the dependencies of a monitor, where `condition` (on its row) holds. */
export const replaceDependencies = (db: Database, monitor: number, dependsOn: readonly number[], condition: SQL) => [
  db
    .delete(monitorDependencies)
    .where(and(eq(monitorDependencies.monitor, monitor), sql`EXISTS (SELECT 1 FROM ${monitors} WHERE ${condition})`)),
  db.insert(monitorDependencies).select(
    sql`SELECT ${monitor}, upstream.number FROM ${monitors} AS upstream WHERE upstream.number IN ${listOf(dependsOn)}
          AND EXISTS (SELECT 1 FROM ${monitors} WHERE ${condition})`,
  ),
];

/** For the batch that creates a monitor, after it: nothing depends on it yet, so it can close no cycle. */
export const insertDependencies = (db: Database, id: string, dependsOn: readonly number[]) =>
  db.insert(monitorDependencies).select(
    sql`SELECT m.number, upstream.number FROM ${monitors} AS m CROSS JOIN ${monitors} AS upstream
          WHERE m.id = ${id} AND upstream.number IN ${listOf(dependsOn)}`,
  );

/** For the batch that deletes a monitor. */
export const forgetDependencies = (db: Database, monitor: number) =>
  db
    .delete(monitorDependencies)
    .where(or(eq(monitorDependencies.monitor, monitor), eq(monitorDependencies.dependsOn, monitor)));

/** `reached`: these, and all their dependencies in turn. */
const reachable = (numbers: readonly number[]) => sql`WITH RECURSIVE reached(number) AS (
  SELECT value FROM json_each(${JSON.stringify(numbers)})
  UNION SELECT d.depends_on FROM reached JOIN monitor_dependencies AS d ON d.monitor = reached.number)`;

const refuseCycle = async (db: Database, { number, name }: MonitorRow, dependsOn: readonly number[]) => {
  if (dependsOn.length === 0) return;
  const rows = await db.all<{ number: number; name: string; upstream: string }>(
    sql`${reachable(dependsOn)}
        SELECT m.number, m.name, (SELECT json_group_array(d.depends_on) FROM monitor_dependencies AS d
          WHERE d.monitor = m.number) AS upstream
        FROM reached JOIN monitors AS m ON m.number = reached.number`,
  );
  const graph: DependencyGraph = new Map(rows.map((row) => [row.number, JSON.parse(row.upstream) as number[]]));
  const way = wayRound(number, dependsOn, graph);
  if (!way) return;
  const names = new Map([[number, name], ...rows.map((row) => [row.number, row.name] as const)]);
  const round = describeWay(way.map((reached) => names.get(reached) ?? '…'));
  refuse([{ path: 'dependsOn', message: `These dependencies form a cycle: ${round}.` }]);
};

const refuse = (problems: FieldProblem[]) => {
  if (problems.length > 0) throw new PharosError('invalid_request', 'A monitor cannot depend on these.', problems);
};

export interface Related {
  id: string;
  name: string;
  verdict: Verdict;
}

interface RelatedRow extends Related {
  direction: 'up' | 'down';
  number: number;
  createdAt: number;
  intervalSeconds: number;
  stretch: number;
  timeoutMs: number;
  regions: string;
}

const relatedColumns = sql`m.number, m.id, m.name, m.verdict, m.created_at AS createdAt,
  m.interval_seconds AS intervalSeconds, m.stretch, m.timeout_ms AS timeoutMs, m.regions`;

/** The direct dependencies of the monitor, and the first `limit` of its dependents, by name. */
export const listRelated = async (services: Services, monitor: number, limit: number) => {
  const rows = await services.db.all<RelatedRow>(
    sql`SELECT * FROM (SELECT 'up' AS direction, ${relatedColumns} FROM monitor_dependencies AS d
          JOIN monitors AS m ON m.number = d.depends_on WHERE d.monitor = ${monitor})
        UNION ALL
        SELECT * FROM (SELECT 'down', ${relatedColumns} FROM monitor_dependencies AS d
          JOIN monitors AS m ON m.number = d.monitor WHERE d.depends_on = ${monitor} ORDER BY m.name, m.number
          LIMIT ${limit})`,
  );
  const stale = await readStale(
    services,
    rows.map((row) => ({ ...row, regions: JSON.parse(row.regions) as Region[] })),
  );
  const of = (wanted: 'up' | 'down'): Related[] =>
    rows
      .filter(({ direction }) => direction === wanted)
      .map(({ number, id, name, verdict }) => ({ id, name, verdict: stale.has(number) ? 'unknown' : verdict }));
  return { dependsOn: of('up').sort((a, b) => a.name.localeCompare(b.name)), dependents: of('down') };
};
