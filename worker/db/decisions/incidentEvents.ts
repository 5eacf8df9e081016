import type { Answer } from '../../domain/checks/answer.ts';
import type { Evidence, IncidentEventDetail, IncidentEventKind } from '../schema.ts';
import { boundTo, type RowsOf, rowsLeft } from './countedRows.ts';
import type { Alert, Outage, Suppressed } from './timelineEvents.ts';

export type SeenEvidence = Evidence & { answer?: Answer };

/** Only where the monitor's row holds this very decision: number is ?1, decision is ?2. */
export const decided = 'EXISTS (SELECT 1 FROM monitors WHERE number = ?1 AND decision = ?2)';

interface Decided {
  monitor: number;
  revision: number;
}

/** Evidence is most of an outage's data: beyond the team's daily limit it is not stored. */
export interface Counted extends Decided, RowsOf {}

/** Writes a confirmed outage into the timeline of the monitor's open incident: its own, or one that a person reopened. */
export const recordOutage = (
  d1: D1Database,
  decision: Counted,
  { since, at }: Outage,
  evidence: readonly SeenEvidence[],
) => {
  const timelineEvents = [factOf(since, 'failed'), ...evidence.map(factOfEvidence), factOf(at, 'confirmed')];
  return recordEvents(d1, decision, timelineEvents);
};

/** Writes the results of further regions during the outage into the timeline of the monitor's open incident. */
export const recordEvidence = (d1: D1Database, decision: Counted, seen: SeenEvidence) =>
  recordEvents(d1, decision, [factOfEvidence(seen)]);

const factOf = (at: number, kind: IncidentEventKind, key = '', detail: IncidentEventDetail = {}) => ({
  at,
  kind,
  key,
  detail,
});

const factOfEvidence = (seen: SeenEvidence) => factOf(seen.at, 'evidence', seen.region, { evidence: seen });

const recordEvents = (d1: D1Database, decision: Counted, timelineEvents: readonly ReturnType<typeof factOf>[]) =>
  d1
    .prepare(
      `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
       SELECT i.id, f.value ->> 'at', f.value ->> 'kind', f.value ->> 'key', f.value -> 'detail'
       FROM incidents AS i, json_each(?3) AS f
       WHERE i.monitor = ?1 AND i.resolved_at IS NULL AND ${decided}
         AND (f.value ->> 'kind' <> 'evidence' OR ${rowsLeft('statusChangesPerDay', '?4', '?5', '?6')} > 0)`,
    )
    .bind(
      ...[decision.monitor, decision.revision, JSON.stringify(timelineEvents)],
      ...boundTo('statusChangesPerDay', decision),
    );

/**
 * Closes the monitor's open incident, and writes the recovery into its timeline and into that of the outage's own incident, in
 * case a person has resolved that before. Idempotent, even where a person has reopened the incident in between.
 */
export const closeIncident = (d1: D1Database, { monitor, revision }: Decided, { since, at, incidentId }: Outage) => [
  d1
    .prepare(
      `UPDATE incidents SET ended_at = max(?3, started_at), resolved_at = ?4
       WHERE monitor = ?1 AND resolved_at IS NULL AND ${decided} AND NOT EXISTS (
         SELECT 1 FROM incident_events WHERE incident = incidents.id AND at = ?4 AND kind = 'recovered')`,
    )
    .bind(monitor, revision, since, at),
  d1
    .prepare(
      `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
       SELECT id, ?4, 'recovered', '', json_object('passingSince', ?3) FROM incidents
       WHERE id IN (SELECT ?5 UNION SELECT id FROM incidents WHERE monitor = ?1 AND resolved_at = ?4)
         AND +monitor = ?1 AND ${decided}`,
    )
    .bind(monitor, revision, since, at, incidentId),
];

/**
 * The incident whose timeline shows an event of a monitor: the outage's own incident, or the open one, or else the latest at the
 * time `at`. Each is found in an index, however many incidents the monitor had. All three are SQL.
 */
export const incidentAt = (monitor: string, dedupKey: string, at: string) => `coalesce(
  (SELECT id FROM incidents WHERE id = ${dedupKey} AND monitor = ${monitor} AND detected_at <= ${at}),
  (SELECT id FROM incidents WHERE monitor = ${monitor} AND resolved_at IS NULL AND detected_at <= ${at}),
  (SELECT id FROM incidents WHERE monitor = ${monitor} AND started_at <= ${at} AND detected_at <= ${at}
   ORDER BY started_at DESC LIMIT 1))`;

/**
 * Writes the notifications, or why there are none, into the timeline of the outage's own incident, or else of the monitor's
 * incident at the time: an outage that joins a reopened incident has none of its own.
 */
export const recordAlert = (d1: D1Database, { monitor, revision }: Decided, timelineEvent: Alert | Suppressed) => {
  const because = timelineEvent.type === 'suppressed' ? { because: timelineEvent.because } : {};
  const detail: IncidentEventDetail = { alert: timelineEvent.event, ...because };
  return d1
    .prepare(
      `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
       SELECT incident, ?3, ?5, ?6, ?7 FROM (SELECT ${incidentAt('?1', '?4', '?3')} AS incident)
       WHERE incident IS NOT NULL AND ${decided}`,
    )
    .bind(
      monitor,
      revision,
      timelineEvent.at,
      timelineEvent.incidentId,
      timelineEvent.type,
      timelineEvent.event,
      JSON.stringify(detail),
    );
};
