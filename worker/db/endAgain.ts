import { closings } from '../domain/escalation/events.ts';

/** What is sent again by hand although it is over: the delivery ?1, or all of its digest, which was revived at ?2. */
const revived = `SELECT r.* FROM deliveries AS asked JOIN deliveries AS r
    ON r.number = asked.number OR (r.digest = asked.digest AND asked.digest IS NOT NULL)
  WHERE asked.id = ?1 AND EXISTS (SELECT 1 FROM deliveries AS root
    WHERE root.number = ifnull(asked.digest, asked.number) AND root.settled_at IS NULL AND root.next_attempt_at = ?2)`;

const isClosing = (event: string) => `${event} IN (SELECT value FROM json_each(?3))`;
const laterEnd = `FROM deliveries AS c
  WHERE c.story = r.story AND c.channel = r.channel AND c.number > r.number AND ${isClosing('c.event')}`;

const byItself = `EXISTS (SELECT 1 FROM incident_events AS e
  WHERE e.incident = i.id AND e.kind = 'recovered' AND e.at = i.resolved_at)`;

const why = 'It was over already when somebody sent the alert again.';

/**
 * Whoever is told by hand of a problem that is over is told that it is: the end was left out, as nobody there knew of the
 * problem. A receiver that keeps incidents of its own would keep this one open for ever. Belongs behind the revival.
 */
export const endRevived = (d1: D1Database, id: string, at: number): D1PreparedStatement[] => {
  const given = [id, at, JSON.stringify(closings)];
  return [
    d1
      .prepare(
        `UPDATE deliveries SET state = 'waiting', settled_at = NULL, next_attempt_at = ?2
         WHERE state = 'skipped' AND number IN (SELECT (SELECT min(c.number) ${laterEnd}) FROM (${revived}) AS r)`,
      )
      .bind(...given),
    d1
      .prepare(
        `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, story, incident, channel, person, event, round, step,
           state, message, created_at, next_attempt_at, severe)
         SELECT max(r.id) || ':over', r.team_id, r.monitor, r.story, r.incident, r.channel, r.person,
           iif(${byItself}, 'recovered', 'resolved'), r.round, r.step, 'waiting',
           json_set(r.message, '$.event', iif(${byItself}, 'up', 'resolved'), '$.at', i.ended_at,
             '$.standing', iif(${byItself}, 'up', NULL), '$.durationMs', max(0, i.ended_at - (r.message ->> '$.since')),
             '$.regions', json('[]'), '$.why', ?4),
           ?2, ?2, r.severe
         FROM (${revived}) AS r JOIN incidents AS i ON i.id = r.incident
         WHERE i.resolved_at IS NOT NULL AND NOT ${isClosing('r.event')} AND NOT EXISTS (SELECT 1 ${laterEnd})
         GROUP BY r.story`,
      )
      .bind(...given, why),
  ];
};
