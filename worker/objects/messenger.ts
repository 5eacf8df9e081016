import type { UnlinkedMessage } from '../alerts/linked.ts';
import type { MonitorMessage } from '../alerts/message.ts';
import { type DeliveryEvent, isOutage } from '../domain/escalation/events.ts';
import type { Effect } from '../domain/escalation.ts';
import { lastHeardOf } from '../domain/lesser.ts';
import { policyFrom } from '../domain/policy.ts';
import type { Region } from '../domain/region.ts';
import { refusedEverywhere } from '../domain/verdict/refusals.ts';
import type { Refusal } from '../domain/verdict/state.ts';
import { explain, type MonitorState, sentenceOf } from '../domain/verdict.ts';
import type { Escalation } from './escalating.ts';
import type { MonitorRecord } from './monitorRecord.ts';

const messageEvents: Record<DeliveryEvent, MonitorMessage['event']> = {
  down: 'down',
  flapping: 'flapping',
  degraded: 'degraded',
  regional: 'regional',
  expiring: 'expiring',
  unknown: 'unknown',
  reminder: 'reminder',
  stable: 'stable',
  acknowledged: 'acknowledged',
  recovered: 'up',
  resolved: 'resolved',
};

/** What only who folds knows of what is told. */
export interface Said {
  why?: string;
  reopenedBy?: string;
  /** Of a lesser problem, ms since the epoch. */
  endedAt?: number;
}

/** What is told: all that a channel needs but the links, which are made when it is sent (alerts/linked.ts). */
export const messenger =
  ({ alerting, settings }: MonitorRecord, machine: MonitorState, now: number) =>
  ({ since, acknowledgedBy }: Escalation, { event, about, at }: Effect, said: Said = {}): UnlinkedMessage => {
    const { monitor, teamName, timeZone } = alerting;
    const isOpen = event !== 'recovered' && event !== 'resolved';
    const sentence = sentenceOf(explain(machine, policyFrom(settings), now));
    const endedAt = said.endedAt ?? (event === 'recovered' && isOutage(about) ? Math.max(machine.since, since) : at);
    return {
      event: messageEvents[event],
      about,
      monitor,
      since,
      at,
      standing: machine.standing,
      ...(event === 'unknown' ? { lastHeardAt: lastHeardOf(machine, policyFrom(settings)) } : {}),
      durationMs: isOpen && event !== 'reminder' ? null : endedAt - since,
      why:
        said.why ??
        whyOf(event, { about, acknowledgedBy, standing: machine.standing }) ??
        withContext(sentence, event, said, refusedEverywhere(machine, policyFrom(settings))),
      // Where nothing is heard of it, what was heard last explains nothing, but what refused the checks does.
      regions: isOpen ? (event === 'unknown' ? refusalsOf(machine) : regionsOf(machine)) : [],
      acknowledgedBy,
      teamName,
      timeZone,
    };
  };

/** Null where the verdict says it. */
const whyOf = (
  event: DeliveryEvent,
  { about, acknowledgedBy, standing }: Pick<UnlinkedMessage, 'about' | 'acknowledgedBy' | 'standing'>,
): string | null => {
  const somebody = acknowledgedBy ?? 'Somebody';
  if (event === 'acknowledged') return `${somebody} takes care of it.`;
  if (event === 'resolved') return `${somebody} resolved the incident in Pharos.`;
  return event === 'recovered' && !isOutage(about) && standing === 'down' ? 'An outage has taken its place.' : null;
};

const letThrough =
  'Allow its checks in your firewall, by a secret header that you add to the monitor or by their User-Agent.';

const withContext = (sentence: string, event: DeliveryEvent, { reopenedBy }: Said, refusal: Refusal | null): string => {
  if (event === 'unknown' && refusal) return `${sentence} ${letThrough}`;
  if (reopenedBy) return `${reopenedBy} reopened the incident in Pharos. ${sentence}`;
  return event === 'unknown' ? `This is a problem of Pharos, not of what it watches. ${sentence}` : sentence;
};

const refusalsOf = ({ refusals }: MonitorState): MonitorMessage['regions'] =>
  Object.entries(refusals ?? {}).map(([region, { reason, status }]) => {
    const none = { health: 'unknown', latencyMs: 0, dataCentre: null } as const;
    return { region: region as Region, reason, status, ...none };
  });

const regionsOf = ({ regions }: MonitorState): MonitorMessage['regions'] =>
  Object.values(regions).map(({ health, latest }) => {
    const { region, reason, status, latencyMs, dataCentre } = latest;
    return { region, health, reason, status, latencyMs, dataCentre };
  });
