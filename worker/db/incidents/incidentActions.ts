import { and, eq, gte, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
import type { AuditAction } from '../../domain/teams/audit.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { type IncidentEventDetail, type IncidentEventKind, incidentEvents, incidents } from '../schema.ts';
import { getIncident, type IncidentRow, type OwnIncident } from './incidents.ts';

/** An incident of the team, and the author of an action on it. */
export type Act = OwnIncident & { userId: string };

/** A link in a message: its user is unknown, but the channel of the message is known. */
export type LinkedAct = OwnIncident & { userId: null; through: string };

/** `changed` is false where the incident already had the wanted state. */
export type Acted = Promise<{ incident: IncidentRow; changed: boolean }>;

/** After this long, a further outage is a separate incident. */
export const reopenWithinMs = 24 * 3_600_000;

const maxComments = 500;

/** Acknowledges the incident; the first acknowledgement stays. Throws `not_found`; `conflict` where it is already resolved. */
export const recordAcknowledgement = async (services: Services, act: Act | LinkedAct): Acted => {
  const done = await perform(services, act, (now) => ({
    kind: 'acknowledged',
    ...('through' in act && { detail: { through: act.through } }),
    where: and(isNull(incidents.resolvedAt), isNull(incidents.acknowledgedAt)),
    set: { acknowledgedAt: now, acknowledgedBy: act.userId },
  }));
  if (!done.changed && done.incident.acknowledgedAt === null)
    throw new PharosError('conflict', 'The incident is already resolved, so it cannot be acknowledged.');
  return done;
};

/** Ends the incident now; an ended one stays as it is. Throws `not_found`. */
export const recordResolution = (services: Services, act: Act): Acted =>
  perform(services, act, (now) => ({
    kind: 'resolved',
    where: isNull(incidents.resolvedAt),
    set: { endedAt: sql`max(${now}, ${incidents.startedAt})`, resolvedAt: now },
    audited: 'incident.resolved',
  }));

const anotherIsOpen = sql`EXISTS (SELECT 1 FROM incidents AS other
  WHERE other.monitor = incidents.monitor AND other.resolved_at IS NULL AND other.id <> incidents.id)`;

/** Reopens the incident; an open one stays as it is. Throws `not_found`; `conflict` where it cannot be reopened. */
export const recordReopening = async (services: Services, act: Act): Acted => {
  const done = await perform(services, act, (now) => ({
    kind: 'reopened',
    where: and(
      isNotNull(incidents.resolvedAt),
      gte(incidents.endedAt, now - reopenWithinMs),
      sql`NOT ${anotherIsOpen}`,
    ),
    set: { endedAt: null, resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null },
    audited: 'incident.reopened',
  }));
  const { endedAt } = done.incident;
  if (done.changed || endedAt === null) return done;
  throw new PharosError(
    'conflict',
    endedAt < services.now() - reopenWithinMs
      ? 'The incident ended more than 24 hours ago, so it cannot be reopened.'
      : 'The monitor already has an open incident.',
  );
};

/** Throws `not_found`; `conflict` where there are too many. */
export const recordComment = async (services: Services, { text, ...act }: Act & { text: string }): Acted => {
  const comments = sql`(SELECT count(*) FROM incident_events WHERE incident = incidents.id AND kind = 'comment')`;
  const done = await perform(services, act, () => ({
    kind: 'comment',
    key: newId('cmt'),
    detail: { text },
    where: sql`${comments} < ${maxComments}`,
  }));
  if (!done.changed) throw new PharosError('conflict', `An incident can have at most ${maxComments} comments.`);
  return done;
};

interface Step {
  kind: IncidentEventKind;
  /** Condition on the incident; nothing happens where it does not hold. */
  where: SQL | undefined;
  /** Undefined where the action only adds an event. */
  set?: SQLiteUpdateSetSource<typeof incidents>;
  key?: string;
  detail?: IncidentEventDetail;
  /** For actions that the audit trail records as well. */
  audited?: AuditAction;
}

/**
 * Writes the event and its change in one transaction and under one condition, so that of two simultaneous identical actions one
 * counts. Events of the same person, kind and millisecond are one event.
 */
const perform = async (
  services: Services,
  { teamId, id, userId }: Act | LinkedAct,
  stepAt: (now: number) => Step,
): Acted => {
  const { db } = services;
  const now = services.now();
  const step = stepAt(now);
  const condition = and(eq(incidents.id, id), eq(incidents.teamId, teamId), step.where);
  const { kind, key = userId ?? '', detail = {} } = step;
  const event = recordEvents(db, [{ at: now, kind, key, author: userId, detail }], condition);
  const affected = sql`number = (SELECT monitor FROM incidents WHERE ${condition})`;
  const [written] = await db.batch([
    event,
    ...(step.audited && userId !== null
      ? [recordDone(db, { author: userId, at: now, action: step.audited, detail: { incidentId: id } }, affected)]
      : []),
    ...(step.set ? [db.update(incidents).set(step.set).where(condition)] : []),
  ]);
  return { incident: await getIncident(db, { teamId, id }), changed: written.meta.changes > 0 };
};

interface Recorded {
  at: number;
  kind: IncidentEventKind;
  key: string;
  author: string | null;
  detail: IncidentEventDetail;
}

/** For the batch of the change, before what ends the time in which the condition holds. */
export const recordEvents = (db: Database, events: readonly Recorded[], condition: SQL | undefined) =>
  db
    .insert(incidentEvents)
    .select(
      sql`SELECT incidents.id, e.value ->> 'at', e.value ->> 'kind', e.value ->> 'key', e.value ->> 'author', e.value ->> 'detail'
          FROM incidents CROSS JOIN json_each(${JSON.stringify(events)}) AS e WHERE ${condition}`,
    )
    .onConflictDoUpdate({
      target: [incidentEvents.incident, incidentEvents.at, incidentEvents.kind, incidentEvents.key],
      set: { detail: sql`excluded.detail` },
    });
