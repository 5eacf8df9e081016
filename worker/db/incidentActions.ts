import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { getIncident, type IncidentRow, type OwnIncident } from './incidents.ts';
import type { IncidentEventDetail, IncidentEventKind } from './schema.ts';

/** An incident of the team, and who does something about it. */
export type Act = OwnIncident & { userId: string };

/** `changed` is false where the incident was as wanted already. */
type Acted = Promise<{ incident: IncidentRow; changed: boolean }>;

/** After this long a further outage is a story of its own. */
export const reopenWithinMs = 24 * 3_600_000;

const maxComments = 500;

/** Somebody takes the incident on; the first one stays. Throws `not_found`; `conflict` where it is resolved already. */
export const acknowledgeIncident = async (services: Services, act: Act): Acted => {
  const done = await perform(services, act, {
    kind: 'acknowledged',
    where: 'resolved_at IS NULL AND acknowledged_at IS NULL',
    set: 'acknowledged_at = ?3, acknowledged_by = ?4',
  });
  if (!done.changed && done.incident.acknowledgedAt === null)
    throw new PharosError('conflict', 'The incident is resolved; there is nothing to acknowledge any more.');
  return done;
};

/** Ends the incident as of now; one that has ended stays as it is. Throws `not_found`. */
export const resolveIncident = (services: Services, act: Act): Acted =>
  perform(services, act, {
    kind: 'resolved',
    where: 'resolved_at IS NULL',
    set: 'ended_at = max(?3, started_at), resolved_at = ?3',
  });

const anotherIsOpen = `EXISTS (SELECT 1 FROM incidents AS other
  WHERE other.monitor = incidents.monitor AND other.resolved_at IS NULL AND other.id <> incidents.id)`;

/** Opens the incident again; one that is open stays as it is. Throws `not_found`; `conflict` where it cannot be. */
export const reopenIncident = async (services: Services, act: Act): Acted => {
  const done = await perform(services, act, {
    kind: 'reopened',
    where: `resolved_at IS NOT NULL AND ended_at >= ?3 - ${reopenWithinMs} AND NOT ${anotherIsOpen}`,
    set: 'ended_at = NULL, resolved_at = NULL, acknowledged_at = NULL, acknowledged_by = NULL',
  });
  const { endedAt } = done.incident;
  if (done.changed || endedAt === null) return done;
  throw new PharosError(
    'conflict',
    endedAt < services.now() - reopenWithinMs
      ? 'The incident ended more than 24 hours ago; it cannot be reopened.'
      : 'The monitor has another open incident; only one can be open at a time.',
  );
};

/** Throws `not_found`; `conflict` where there are too many. */
export const commentIncident = async (services: Services, { text, ...act }: Act & { text: string }): Acted => {
  const done = await perform(services, act, {
    kind: 'comment',
    key: newId('cmt'),
    detail: { text },
    where: `(SELECT count(*) FROM incident_events WHERE incident = incidents.id AND kind = 'comment') < ${maxComments}`,
  });
  if (!done.changed) throw new PharosError('conflict', `An incident holds at most ${maxComments} comments.`);
  return done;
};

/** Writes what differs; null takes it away. Throws `not_found`. */
export const describeIncident = async (
  services: Services,
  { cause, postMortem, ...act }: Act & { cause?: string | null | undefined; postMortem?: string | null | undefined },
): Acted => {
  let changed = false;
  if (cause !== undefined) {
    const detail = cause === null ? {} : { text: cause };
    const write = { kind: 'cause', where: 'cause IS NOT ?7', set: 'cause = ?7', value: cause, detail } as const;
    changed = (await perform(services, act, write)).changed;
  }
  if (postMortem !== undefined) {
    const write = { where: 'post_mortem IS NOT ?7', set: 'post_mortem = ?7', value: postMortem } as const;
    changed = (await perform(services, act, { kind: 'post-mortem', ...write })).changed || changed;
  }
  return { incident: await getIncident(services.db, act), changed };
};

interface Step {
  kind: IncidentEventKind;
  /** What must hold of the incident; else nothing happens. Time is ?3, author is ?4, `value` is ?7. */
  where: string;
  /** Nothing where the event is all there is to it. */
  set?: string;
  value?: string | null;
  key?: string;
  detail?: IncidentEventDetail;
}

/**
 * Writes the event and what it changes in one transaction and under one condition, so that of two people who do the same
 * at once one did it. An event of the same person, kind and millisecond is one event.
 */
const perform = async (services: Services, { teamId, id, userId }: Act, step: Step): Acted => {
  const { d1, db } = services;
  const condition = `id = ?1 AND team_id = ?2 AND (${step.where})`;
  const now = services.now();
  const given = [id, teamId, now, userId, step.key ?? userId, JSON.stringify(step.detail ?? {}), step.value ?? null];
  // A statement takes no more values than it names, and all of ?1 to ?7 where it names the last.
  const bind = (sql: string) => d1.prepare(sql).bind(...given.slice(0, highestParameter(sql)));
  const event = bind(
    `INSERT OR REPLACE INTO incident_events (incident, at, kind, key, author, detail)
     SELECT id, ?3, '${step.kind}', ?5, ?4, ?6 FROM incidents WHERE ${condition}`,
  );
  const update = step.set ? [bind(`UPDATE incidents SET ${step.set} WHERE ${condition}`)] : [];
  const [written] = await d1.batch([event, ...update]);
  return { incident: await getIncident(db, { teamId, id }), changed: (written?.meta.changes ?? 0) > 0 };
};

const highestParameter = (sql: string) => Math.max(...[...sql.matchAll(/\?(\d)/g)].map(([, number]) => Number(number)));
