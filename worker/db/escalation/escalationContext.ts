import {
  type Directory,
  type EarlierDelivery,
  type NextStep,
  type Notified,
  namesOf,
  notifiedBefore,
  type UpcomingStep,
} from '../../domain/escalation/progress.ts';
import type { OnCallSchedule } from '../../domain/onCall/onCallSchedule.ts';
import { incidentPolicyOf, selectIncidentPolicy } from '../incidents/acknowledgeLinks.ts';

/**
 * The context of an incident that the Monitor object does not know. Read when the message is sent, in one trip, as of the time
 * when the message was made: so it costs no row, and each attempt has the same content unless somebody renames something.
 */

export interface EscalationContext {
  /** The current policy of the monitor; null where the team has none. */
  policyId: string | null;
  notified: Notified[];
  next: NextStep | null;
  /** Beginning of the target's response; null where it had no readable body. */
  answer: string | null;
}

interface Asked {
  teamId: string;
  incidentId: string;
  /** When the message was made, ms since the epoch. */
  at: number;
  upcoming: UpcomingStep | null;
}

export const readEscalationContext = async (
  d1: D1Database,
  { teamId, incidentId, at, upcoming }: Asked,
): Promise<EscalationContext> => {
  const [incidentPolicy, answer, earlier, names] = await d1.batch([
    selectIncidentPolicy(d1, incidentId),
    selectAnswer(d1, incidentId, at),
    selectEarlier(d1, teamId, incidentId, at),
    ...(upcoming ? [selectNames(d1, teamId, upcoming)] : []),
  ]);
  return {
    policyId: incidentPolicyOf(incidentPolicy),
    answer: (answer?.results[0] as { body: string } | undefined)?.body ?? null,
    notified: notifiedBefore((earlier?.results ?? []) as EarlierDelivery[], at),
    next: upcoming && { at: upcoming.at, recipients: namesOf(upcoming, directoryOf(names)) },
  };
};

/** The evidence is at the beginning of a timeline. */
const maxEvents = 50;

/** The latest non-empty response of a failing region. */
const selectAnswer = (d1: D1Database, incidentId: string, at: number): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT detail ->> '$.evidence.answer.body' AS body FROM (
         SELECT at, kind, key, detail FROM incident_events WHERE incident = ?1 AND at <= ?2
         ORDER BY at, kind, key LIMIT ${maxEvents})
       WHERE kind = 'evidence' AND detail ->> '$.evidence.health' = 'down'
         AND trim(detail ->> '$.evidence.answer.body', char(9, 10, 13, 32)) <> ''
       ORDER BY at DESC, key LIMIT 1`,
    )
    .bind(incidentId, at);

/** Steps run at the beginning, so the many reminders of a long incident are not read. */
const maxEarlier = 200;

const selectEarlier = (d1: D1Database, teamId: string, incidentId: string, at: number): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT d.channel AS channelId, ifnull(c.name, ifnull(gone.name, '')) AS channel,
         ifnull(c.kind, ifnull(gone.kind, '')) AS kind, d.person, d.event, d.state, d.created_at AS createdAt,
         d.settled_at AS settledAt
       FROM (SELECT * FROM deliveries WHERE incident = ?1 ORDER BY number LIMIT ${maxEarlier}) AS d
         LEFT JOIN channels AS c ON c.id = d.channel AND c.team_id = ?2
         LEFT JOIN deleted_channels AS gone ON gone.id = d.channel AND gone.team_id = ?2
       WHERE d.team_id = ?2 AND d.created_at < ?3 ORDER BY d.number`,
    )
    .bind(incidentId, teamId, at);

/** The people in a schedule are known only after its turns are computed; so where there is a schedule, all people are read. */
const selectNames = (d1: D1Database, teamId: string, { targets }: UpcomingStep): D1PreparedStatement => {
  const ids = JSON.stringify(targets.map(({ id }) => id));
  const hasSchedule = Number(targets.some(({ type }) => type === 'onCall'));
  return d1
    .prepare(
      `SELECT 'channel' AS type, c.id, c.name, NULL AS schedule
         FROM json_each(?2) AS t CROSS JOIN channels AS c ON c.id = t.value WHERE c.team_id = ?1
       UNION ALL SELECT 'person', p.id, p.name, NULL
         FROM json_each(?2) AS t CROSS JOIN people AS p ON p.id = t.value WHERE p.team_id = ?1
       UNION ALL SELECT 'person', id, name, NULL FROM people WHERE team_id = ?1 AND ?3 = 1
       UNION ALL SELECT 'schedule', s.id, s.name,
           json_object('timeZone', s.time_zone, 'layers', json(s.layers), 'overrides', json(s.overrides))
         FROM json_each(?2) AS t CROSS JOIN on_call_schedules AS s ON s.id = t.value WHERE s.team_id = ?1`,
    )
    .bind(teamId, ids, hasSchedule);
};

interface NameRow {
  type: 'channel' | 'person' | 'schedule';
  id: string;
  name: string;
  schedule: string | null;
}

const directoryOf = (names: D1Result | undefined): Directory => {
  const channels = new Map<string, string>();
  const people = new Map<string, string>();
  const schedules = new Map<string, OnCallSchedule & { name: string }>();
  for (const { type, id, name, schedule } of (names?.results ?? []) as NameRow[]) {
    if (type === 'channel') channels.set(id, name);
    else if (type === 'person') people.set(id, name);
    else schedules.set(id, { name, ...(JSON.parse(schedule ?? '{}') as OnCallSchedule) });
  }
  return { channels, people, schedules };
};
