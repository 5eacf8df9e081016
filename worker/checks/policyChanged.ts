import { newId } from '../ids.ts';
import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import type { MonitorRef } from './monitorRef.ts';

/** So many objects are told at once; those that are left hear it with their next loud outcome, or their alarm. */
const maxTold = 300;
/** A monitor that changed this long ago may still have something to tell that was withheld. */
const recentlyMs = 86_400_000;

/**
 * Tells the Monitor objects of a team that what they judge by has changed (`policy_changed_at`), as far as they may have
 * to act on it now: those of monitors that are not calm.
 */
export const policyChanged = async (services: Services, teamId: string): Promise<void> => {
  const correlationId = newId('run');
  const { results } = await services.d1
    .prepare(
      `SELECT id, number, team_id AS teamId FROM monitors
       WHERE team_id = ?1 AND cohort IS NOT NULL
         AND (verdict <> 'up' OR suspect OR flapping OR verdict_since > ?2 OR region_health LIKE '%"down"%')
       ORDER BY verdict = 'down' DESC, number LIMIT ${maxTold}`,
    )
    .bind(teamId, services.now() - recentlyMs)
    .all<MonitorRef>();
  const told = await Promise.allSettled(results.map((ref) => services.monitor(ref.id).follow(ref, correlationId)));
  const failed = told.filter((t) => t.status === 'rejected');
  if (failed[0])
    logFailure('effect', correlationId, failed[0].reason, { objects: results.length, failed: failed.length });
};
