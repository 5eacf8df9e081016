import type { Kind } from '../../checks/kinds/kind.ts';
import { defaultEscalation, type EscalationPolicy } from '../../domain/escalation/escalationPolicy.ts';
import { type PolicyChoice, type PolicyHolder, resolvePolicy } from '../../domain/escalation/resolvePolicy.ts';

/** A person's action on an incident, as far as it affects notifications. */
export interface Act {
  incidentId: string;
  kind: 'acknowledged' | 'resolved' | 'reopened';
  at: number;
  /** Display name of the author; null where it is not known. */
  by: string | null;
}

/** The policy and the names that alerts of a monitor use. */
export interface Alerting {
  /** Null where the team has no policy yet. */
  policyId: string | null;
  policy: EscalationPolicy;
  monitor: { id: string; name: string; kind?: Kind; url: string };
  /** Missing in records of an earlier version. */
  tags?: readonly string[];
  runbookUrl?: string | null;
  teamName: string;
  timeZone: string;
  /** The latest actions, oldest first. */
  acts: Act[];
}

/** A column for a query of `monitors AS m`: with the policies that it may go by. */
export const alertingColumn = `(SELECT json_object(
    'monitor', json_object('id', m.id, 'name', m.name, 'kind', m.kind, 'url', m.address),
    'teamName', t.name, 'timeZone', t.time_zone,
    'runbookUrl', m.runbook_url, 'escalationPolicyId', m.escalation_policy, 'tags', json(m.tags),
    'policies', json((SELECT json_group_array(json_object('id', p.id, 'createdAt', p.created_at, 'tags', json(p.tags),
        'isDefault', json(iif(p.is_default, 'true', 'false')),
        'policy', json_object('steps', json(p.steps), 'repeat', p.repeat, 'pauseSeconds', p.pause_seconds,
          'remindEveryMinutes', p.remind_every_minutes, 'events', json(p.events),
          'notifyOnAcknowledgement', json(iif(p.notify_on_acknowledgement, 'true', 'false')))))
      FROM escalation_policies AS p WHERE p.team_id = m.team_id AND (p.is_default = 1 OR p.id = m.escalation_policy
        OR EXISTS (SELECT 1 FROM json_each(p.tags) AS a JOIN json_each(m.tags) AS b ON b.value = a.value)))),
    'acts', json((SELECT json_group_array(json_object('incidentId', a.incident, 'kind', a.kind, 'at', a.at, 'by', a.by))
      FROM (SELECT e.incident, e.kind, e.at, ifnull(u.email, e.detail ->> 'through') AS by
        FROM incident_events AS e LEFT JOIN users AS u ON u.id = e.author
        WHERE e.incident IN (SELECT id FROM incidents WHERE monitor = m.number ORDER BY started_at DESC LIMIT 3)
          AND e.kind IN ('acknowledged', 'resolved', 'reopened')
        ORDER BY e.at DESC LIMIT 20) AS a)))
  FROM teams AS t WHERE t.id = m.team_id)`;

type Column = Omit<Alerting, 'policy' | 'policyId' | 'tags'> &
  PolicyHolder & { policies: (PolicyChoice & { policy: EscalationPolicy })[] };

/** A team without a policy notifies nobody. */
export const alertingFrom = (column: string): Alerting => {
  const { policies, acts, escalationPolicyId, tags, ...named } = JSON.parse(column) as Column;
  const found = resolvePolicy({ escalationPolicyId, tags }, policies)?.policy;
  const policy = found?.policy ?? { ...defaultEscalation, steps: [] };
  return { ...named, tags, policyId: found?.id ?? null, policy, acts: acts.sort((a, b) => a.at - b.at) };
};
