import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import type { MonitorRef } from './monitorRef.ts';

/** A monitor tells so many at most; the others look around by themselves within a minute. */
const maxTold = 200;

/** So many objects are called at a time. */
const atOnce = 20;

/**
 * Tells the monitors that depend on this one, directly or through others, and that may have something to tell: they
 * may have waited for it. One that cannot be told looks around by itself soon.
 */
export const tellDependents = async (services: Services, monitor: number, correlationId: string): Promise<void> => {
  const waiting = await listWaiting(services, monitor);
  for (let i = 0; i < waiting.length; i += atOnce) {
    const group = waiting.slice(i, i + atOnce);
    const told = await Promise.allSettled(group.map((ref) => services.monitor(ref.id).follow(ref, correlationId)));
    for (const [j, one] of told.entries())
      if (one.status === 'rejected') logFailure('effect', correlationId, one.reason, { monitorId: group[j]?.id });
  }
};

const listWaiting = async ({ d1 }: Services, monitor: number): Promise<MonitorRef[]> => {
  const { results } = await d1
    .prepare(
      `WITH RECURSIVE below(number) AS (
         SELECT monitor FROM monitor_dependencies WHERE depends_on = ?1
         UNION SELECT d.monitor FROM below JOIN monitor_dependencies AS d ON d.depends_on = below.number)
       SELECT m.id, m.number, m.team_id AS teamId FROM below JOIN monitors AS m ON m.number = below.number
       WHERE m.cohort IS NOT NULL AND (m.verdict = 'down' OR m.suspect = 1 OR m.flapping = 1 OR EXISTS (
         SELECT 1 FROM incidents AS i WHERE i.monitor = m.number AND i.resolved_at IS NULL))
       LIMIT ${maxTold}`,
    )
    .bind(monitor)
    .all<MonitorRef>();
  return results;
};
