import { problems } from './events.ts';

/**
 * The recipients, and after how long they are notified. Unrelated to `CheckPolicy` (domain/verdict/checkPolicy.ts), which
 * judges health. Everything but down goes to the first step only, once: it is worth knowing, but nobody has to be woken for
 * it.
 */

export const targetTypes = ['channel', 'person', 'onCall'] as const;

export const choosableEvents = [...problems, 'recovered'] as const;
export type ChoosableEvent = (typeof choosableEvents)[number];

export const maxSteps = 10;
export const maxTargetsPerStep = 20;

export interface Target {
  type: (typeof targetTypes)[number];
  id: string;
}

export interface EscalationStep {
  /** Counted from when the policy began (its first alert may itself have to wait), not from the step before. */
  afterSeconds: number;
  targets: Target[];
}

/** The policy of an escalation. One without steps notifies nobody: that of a team without channels. */
export interface EscalationPolicy {
  steps: EscalationStep[];
  /** How often all steps are repeated while nobody acknowledges. */
  repeat: number;
  /** Between the last step and the first one of the next round. */
  pauseSeconds: number;
  /** While it is down and nobody acknowledged. Null for none. */
  remindEveryMinutes: number | null;
  events: ChoosableEvent[];
  notifyOnAcknowledgement: boolean;
}

/**
 * The default events: that it does not work, that Pharos has no data, and that it will cease to work. Problems of a monitor
 * that still works, slowly or in some regions, are optional.
 */
const defaultEvents: ChoosableEvent[] = ['down', 'flapping', 'expiring', 'unknown', 'recovered'];

/** The defaults of a policy. */
export const defaultEscalation = {
  repeat: 0,
  pauseSeconds: 300,
  remindEveryMinutes: null,
  events: defaultEvents,
  notifyOnAcknowledgement: true,
};

const isSame = (a: Target, b: Target) => a.type === b.type && a.id === b.id;

/** In their order, each once. */
export const uniqueTargets = (targets: Target[]) =>
  targets.filter((one, i) => targets.findIndex((other) => isSame(one, other)) === i);

/** How a new channel joins a policy: in the first step, which is made where there is none. The same steps where it is full. */
export const joinFirstStep = (steps: readonly EscalationStep[], joining: Target): EscalationStep[] => {
  const [first, ...later] = steps;
  if (!first) return [{ afterSeconds: 0, targets: [joining] }];
  const targets = uniqueTargets([...first.targets, joining]);
  return targets.length > maxTargetsPerStep ? [...steps] : [{ ...first, targets }, ...later];
};

/** The steps without a deleted target. Steps without another target are deleted too. */
export const withoutTarget = (steps: readonly EscalationStep[], gone: Target): EscalationStep[] =>
  steps
    .map((one) => ({ ...one, targets: one.targets.filter((other) => !isSame(other, gone)) }))
    .filter(({ targets }) => targets.length > 0);

export const without = (targets: readonly Target[], others: readonly Target[]): Target[] =>
  targets.filter((one) => !others.some((other) => isSame(one, other)));
