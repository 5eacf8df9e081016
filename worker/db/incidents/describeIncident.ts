import { and, eq, sql } from 'drizzle-orm';
import type { Services } from '../../services.ts';
import { versionConflict } from '../core/versionConflict.ts';
import { incidents } from '../schema.ts';
import { type Act, type Acted, recordEvents } from './incidentActions.ts';
import { getIncident } from './incidents.ts';

/** Undefined fields stay as they are; null clears a field. */
interface Described {
  cause?: string | null | undefined;
  postMortem?: string | null | undefined;
  /** `describedAt` of the version that the change is based on, where the caller sends it. */
  seenAt: number | null | undefined;
}

/** Writes the differences. Throws `not_found`, and `version_conflict` where somebody else wrote since. */
export const describeIncident = async (
  { db, now }: Services,
  { cause, postMortem, seenAt, teamId, id, userId }: Act & Described,
): Acted => {
  const before = await getIncident(db, { teamId, id });
  const isCause = cause !== undefined && cause !== before.cause;
  const isPostMortem = postMortem !== undefined && postMortem !== before.postMortem;
  if (!isCause && !isPostMortem) return { incident: before, changed: false };
  const at = Math.max(now(), (before.describedAt ?? 0) + 1);
  const rests = seenAt === undefined ? before.describedAt : seenAt;
  const unchanged = and(eq(incidents.id, id), eq(incidents.teamId, teamId), sql`${incidents.describedAt} IS ${rests}`);
  const event = { at, key: userId, author: userId };
  const events = [
    ...(isCause ? [{ ...event, kind: 'cause' as const, detail: cause === null ? {} : { text: cause } }] : []),
    ...(isPostMortem ? [{ ...event, kind: 'post-mortem' as const, detail: {} }] : []),
  ];
  const update = db
    .update(incidents)
    .set({ ...(isCause && { cause }), ...(isPostMortem && { postMortem }), describedAt: at })
    .where(unchanged);
  const [, { meta }] = await db.batch([recordEvents(db, events, unchanged), update]);
  if (meta.changes === 0) throw versionConflict('cause or post-mortem');
  return { incident: await getIncident(db, { teamId, id }), changed: true };
};
