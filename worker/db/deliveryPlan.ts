import { audienceOf, type DeliveryRecord, deliveryKey } from '../domain/escalation/delivery.ts';
import type { DeliveryEvent } from '../domain/escalation/events.ts';
import type { Effect } from '../domain/escalation.ts';

/** What an escalation wants to be told, as the Monitor object keeps it until it is written. */
export interface PendingDelivery {
  effect: Effect;
  /** Id of the incident that it escalates; it names the deliveries even where another one is open in its place. */
  story: string;
  /** MonitorMessage without links (alerts/linked.ts). */
  message: unknown;
}

interface DeliveryRow {
  id: string;
  story: string;
  channel: string;
  event: DeliveryEvent;
  round: number;
  step: number;
  message: unknown;
  at: number;
}

/** Who is told, channel by channel, in the order in which it was decided: a later message may go to those told before. */
export const planDeliveries = async (
  d1: D1Database,
  pending: readonly PendingDelivery[],
): Promise<readonly DeliveryRow[]> => {
  const stories = new Set(pending.filter(({ effect }) => effect.targets === 'told').map(({ story }) => story));
  const known = new Map<string, DeliveryRecord[]>();
  for (const story of stories) known.set(story, await listDeliveries(d1, story));
  return pending.flatMap(({ effect, story, message }) => {
    const { event, round, step, at } = effect;
    const earlier = known.get(story) ?? [];
    const channels = effect.targets === 'told' ? audienceOf(event, earlier, at) : channelsOf(effect.targets);
    const rows = channels.map((channel) => {
      const id = deliveryKey({ incidentId: story, event, round, step, channelId: channel });
      return { id, story, channel, event, round, step, message, at };
    });
    const made = rows.map(({ id, channel }): DeliveryRecord => {
      return { id, channelId: channel, event, fate: 'waiting', createdAt: at };
    });
    known.set(story, [...earlier, ...made]);
    return rows;
  });
};

/** People and on-call schedules lead to no channel yet. */
const channelsOf = (targets: Exclude<Effect['targets'], 'told'>) =>
  targets.filter(({ type }) => type === 'channel').map(({ id }) => id);

const listDeliveries = async (d1: D1Database, story: string): Promise<DeliveryRecord[]> => {
  const { results } = await d1
    .prepare(
      `SELECT id, channel AS channelId, event, state AS fate, created_at AS createdAt
       FROM deliveries WHERE story = ?1 ORDER BY number`,
    )
    .bind(story)
    .all<DeliveryRecord>();
  return results;
};

/**
 * Writes the rows of a decision, each once. Where a person paused or deleted the monitor since, nothing that was decided
 * before is told, but only that it is over.
 */
export const insertDeliveries = (
  d1: D1Database,
  { monitor, teamId, revision }: { monitor: number; teamId: string; revision: number },
  rows: readonly DeliveryRow[],
): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, story, incident, channel, event, round, step, state,
         message, created_at, next_attempt_at)
       SELECT d.value ->> 'id', ?3, ?1, d.value ->> 'story',
         (SELECT i.id FROM incidents AS i WHERE i.monitor = ?1 AND i.detected_at <= d.value ->> 'at'
          ORDER BY i.id = d.value ->> 'story' DESC, i.resolved_at IS NULL DESC, i.started_at DESC LIMIT 1),
         c.id, d.value ->> 'event', d.value ->> 'round', d.value ->> 'step', 'waiting', d.value -> 'message',
         d.value ->> 'at', d.value ->> 'at'
       FROM json_each(?4) AS d CROSS JOIN channels AS c
       WHERE c.id = d.value ->> 'channel' AND c.team_id = ?3
         AND (d.value ->> 'event' = 'resolved'
           OR EXISTS (SELECT 1 FROM monitors WHERE number = ?1 AND decision <= ?2 AND cohort IS NOT NULL))
       ORDER BY d.key`,
    )
    .bind(monitor, revision, teamId, JSON.stringify(rows));

/** The channels that have something of these stories to send. */
export const listWaitingChannels = async (d1: D1Database, stories: readonly string[]): Promise<string[]> => {
  const { results } = await d1
    .prepare(
      `SELECT DISTINCT d.channel FROM json_each(?1) AS s JOIN deliveries AS d ON d.story = s.value
       WHERE d.settled_at IS NULL`,
    )
    .bind(JSON.stringify(stories))
    .all<{ channel: string }>();
  return results.map(({ channel }) => channel);
};
