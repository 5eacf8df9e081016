import type { MessageDraft } from '../alerts/messages/addLinks.ts';
import type { MonitorMessage } from '../alerts/messages/message.ts';
import { whyText } from '../alerts/messages/why.ts';
import { observationOf } from '../domain/checks/outcome.ts';
import type { Region } from '../domain/checks/region.ts';
import type { EscalationPolicy } from '../domain/escalation/escalationPolicy.ts';
import { type DeliveryEvent, isClosing, isOutage } from '../domain/escalation/events.ts';
import { type Effect, type EscalationState, upcomingStep } from '../domain/escalation/machine.ts';
import { stepOf } from '../domain/escalation/progress.ts';
import { causeOf } from '../domain/incidents/cause.ts';
import { checkPolicyFrom } from '../domain/verdict/checkPolicy.ts';
import { explain } from '../domain/verdict/machine.ts';
import { refusedEverywhere } from '../domain/verdict/refusals.ts';
import { sentenceOf } from '../domain/verdict/sentence.ts';
import type { MonitorState } from '../domain/verdict/state.ts';
import { lastSeenOf } from '../domain/verdict/watchAdvisories.ts';
import type { Escalation } from './escalationRecord.ts';
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

/** Facts of a notification that only the fold knows. */
export interface Said {
  why?: string;
  reopenedBy?: string;
  /** End of an advisory, ms since the epoch. */
  endedAt?: number;
  /** Progress of the escalation. */
  state?: EscalationState;
}

/** The message: all that a channel needs but the links, which are made when it is sent (alerts/messages/addLinks.ts). */
export const messenger =
  ({ alerting, settings }: MonitorRecord, machine: MonitorState, now: number) =>
  ({ since, acknowledgedBy }: Escalation, effect: Effect, said: Said = {}): MessageDraft => {
    const { event, about, at } = effect;
    const { monitor, teamName, timeZone } = alerting;
    const isOpen = event !== 'recovered' && event !== 'resolved';
    const sentence = sentenceOf(explain(machine, checkPolicyFrom(settings), now));
    const refusal = refusedEverywhere(machine, checkPolicyFrom(settings));
    const { reopenedBy } = said;
    // Without fresh data, the last outcomes explain nothing, but the reason for refused checks does.
    const regions = isOpen ? (event === 'unknown' ? refusalsOf(machine) : regionsOf(machine)) : [];
    const endedAt = said.endedAt ?? (event === 'recovered' && isOutage(about) ? Math.max(machine.since, since) : at);
    return {
      event: messageEvents[event],
      about,
      monitor,
      since,
      at,
      standing: machine.standing,
      ...(event === 'unknown' ? { lastSeenAt: lastSeenOf(machine, checkPolicyFrom(settings)) } : {}),
      durationMs: isOpen && event !== 'reminder' ? null : endedAt - since,
      why:
        said.why ??
        whyText(event, { about, acknowledgedBy, standing: machine.standing, reopenedBy, refusal, sentence }),
      cause: causeOf(regions),
      regions,
      tags: alerting.tags ?? [],
      runbookUrl: alerting.runbookUrl ?? null,
      ...(said.state ? progressOf(effect, said.state, alerting.policy) : {}),
      acknowledgedBy,
      teamName,
      timeZone,
    };
  };

/** Only while somebody can still acknowledge. */
const progressOf = (
  effect: Effect,
  state: EscalationState,
  policy: EscalationPolicy,
): Pick<MessageDraft, 'step' | 'upcoming'> =>
  isClosing(effect.event) || effect.event === 'acknowledged'
    ? {}
    : { step: stepOf(effect, state, policy), upcoming: upcomingStep(state, policy) };

const refusalsOf = ({ refusals }: MonitorState): MonitorMessage['regions'] =>
  Object.entries(refusals ?? {}).map(([region, { reason, status }]) => {
    const none = { health: 'unknown', latencyMs: 0, dataCentre: null } as const;
    return { region: region as Region, reason, status, ...none };
  });

const regionsOf = ({ regions }: MonitorState): MonitorMessage['regions'] =>
  Object.values(regions).map(({ health, latest }) => ({ ...observationOf(latest), health }));
