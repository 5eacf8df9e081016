import { type ChannelKind, keepsIncidents } from '../domain/channelKind.ts';
import { audienceOf, type DeliveryRecord, deliveryKey } from '../domain/escalation/delivery.ts';
import { type DeliveryEvent, isOutage } from '../domain/escalation/events.ts';
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
  /** It tells of an outage, which has an incident. */
  hasIncident: boolean;
  message: unknown;
  at: number;
}

interface KnownDelivery extends DeliveryRecord {
  channelKind: ChannelKind | null;
}

/** Who is told, channel by channel, in the order in which it was decided: a later message may go to those told before. */
export const planDeliveries = async (
  d1: D1Database,
  pending: readonly PendingDelivery[],
): Promise<readonly DeliveryRow[]> => {
  const asking = pending.filter(({ effect }) => isFollowUp(effect) || effect.sparing);
  const stories = new Set(asking.map(({ story }) => story));
  const known = new Map<string, KnownDelivery[]>();
  for (const story of stories) known.set(story, await listDeliveries(d1, story));
  return pending.flatMap(({ effect, story, message }) => {
    const { event, about, round, step, at } = effect;
    const earlier = known.get(story) ?? [];
    const kindOf = (id: string) => earlier.find(({ channelId }) => channelId === id)?.channelKind ?? null;
    const rows = channelsOf(effect, earlier).map((channel) => {
      const id = deliveryKey({ incidentId: story, event, round, step, channelId: channel });
      return { id, story, channel, event, round, step, hasIncident: isOutage(about), message, at };
    });
    const made = rows.map(({ id, channel }): KnownDelivery => {
      return {
        id,
        channelId: channel,
        channelKind: kindOf(channel),
        event,
        fate: 'waiting',
        createdAt: at,
        settledAt: null,
      };
    });
    known.set(story, [...earlier, ...made]);
    return rows;
  });
};

const isFollowUp = ({ targets }: Effect) => targets === 'told' || targets === 'keepers';

/** People and on-call schedules lead to no channel yet. */
const channelsOf = ({ event, targets, sparing, at }: Effect, earlier: readonly KnownDelivery[]): string[] => {
  if (targets === 'told') return audienceOf(event, earlier, at);
  if (targets === 'keepers') return audienceOf(event, earlier.filter(isKept), at);
  const spared = sparing ? audienceOf(event, earlier, at) : [];
  return targets.filter(({ type, id }) => type === 'channel' && !spared.includes(id)).map(({ id }) => id);
};

const isKept = ({ channelKind }: KnownDelivery) => channelKind !== null && keepsIncidents(channelKind);

const listDeliveries = async (d1: D1Database, story: string): Promise<KnownDelivery[]> => {
  const { results } = await d1
    .prepare(
      `SELECT d.id, d.channel AS channelId, c.kind AS channelKind, d.event, d.state AS fate, d.created_at AS createdAt,
         d.settled_at AS settledAt
       FROM deliveries AS d LEFT JOIN channels AS c ON c.id = d.channel WHERE d.story = ?1 ORDER BY d.number`,
    )
    .bind(story)
    .all<KnownDelivery>();
  return results;
};

/**
 * Writes the rows of a decision, each once. Where a person paused or deleted the monitor since, nothing that was decided
 * before is told, but only that it is over. Of a deleted monitor that is as severe as what was told of it.
 */
export const insertDeliveries = (
  d1: D1Database,
  { monitor, teamId, revision }: { monitor: number; teamId: string; revision: number },
  rows: readonly DeliveryRow[],
): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, story, incident, channel, event, round, step, state,
         message, created_at, next_attempt_at, severe)
       SELECT d.value ->> 'id', ?3, ?1, d.value ->> 'story',
         (SELECT i.id FROM incidents AS i WHERE i.monitor = ?1 AND d.value ->> 'hasIncident' AND i.detected_at <= d.value ->> 'at'
          ORDER BY i.id = d.value ->> 'story' DESC, i.resolved_at IS NULL DESC, i.started_at DESC LIMIT 1),
         c.id, d.value ->> 'event', d.value ->> 'round', d.value ->> 'step', 'waiting', d.value -> 'message',
         d.value ->> 'at', d.value ->> 'at',
         ifnull((SELECT m.severe FROM monitors AS m WHERE m.number = ?1),
           ifnull((SELECT max(o.severe) FROM deliveries AS o WHERE o.story = d.value ->> 'story'), 0))
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
