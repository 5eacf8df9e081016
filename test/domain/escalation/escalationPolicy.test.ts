import { describe, expect, test } from 'vitest';
import {
  type EscalationStep,
  joinFirstStep,
  maxTargetsPerStep,
  type Target,
  withoutTarget,
} from '../../../worker/domain/escalation/escalationPolicy.ts';
import {
  changeEscalationPolicySchema,
  createEscalationPolicySchema,
} from '../../../worker/domain/escalation/escalationPolicySchema.ts';

const channel = (id: string): Target => ({ type: 'channel', id });
const step = (afterSeconds: number, ...ids: string[]): EscalationStep => ({ afterSeconds, targets: ids.map(channel) });

const given = { name: 'Everybody', steps: [step(0, 'mail'), step(300, 'chat')] };

const problems = (policy: unknown) =>
  createEscalationPolicySchema
    .safeParse(policy)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('an escalation policy', () => {
  test('needs a name and steps only', () => {
    expect(createEscalationPolicySchema.parse(given)).toEqual({
      ...given,
      repeat: 0,
      pauseSeconds: 300,
      remindEveryMinutes: null,
      events: ['down', 'flapping', 'expiring', 'unknown', 'recovered'],
      notifyOnAcknowledgement: true,
      tags: [],
    });
  });

  test('changes in what is given only', () => {
    expect(changeEscalationPolicySchema.parse({ repeat: 2 })).toEqual({ repeat: 2 });
  });

  test('names each target of a step, and each event, once', () => {
    const parsed = createEscalationPolicySchema.parse({
      ...given,
      steps: [step(0, 'mail', 'chat', 'mail')],
      events: ['recovered', 'down', 'down'],
    });
    expect([parsed.steps, parsed.events]).toEqual([[step(0, 'mail', 'chat')], ['down', 'recovered']]);
  });

  test.for<[name: string, change: object, problem: string]>([
    [
      'steps go backwards',
      { steps: [step(0, 'a'), step(300, 'a'), step(60, 'a')] },
      'steps.2.afterSeconds: Step 3 starts after 60 seconds, before step 2 (300 seconds). All delays count from the start of the outage, so each must be at least the previous one.',
    ],
    [
      'a step notifies nobody',
      { steps: [step(0, 'a'), step(60)] },
      'steps.1.targets: Step 2 notifies nobody. Add a channel, a person or an on-call schedule, or remove the step.',
    ],
    ['there is no step', { steps: [] }, 'steps: A policy without steps notifies nobody. Add at least one step.'],
    [
      'there are too many steps',
      { steps: Array.from({ length: 11 }, (_, i) => step(i, 'a')) },
      'steps: At most 10 steps.',
    ],
    [
      'a step has too many targets',
      { steps: [step(0, ...Array.from({ length: 21 }, (_, i) => `c${i}`))] },
      'steps.0.targets: Step 1 has 21 targets; the maximum is 20.',
    ],
    [
      'a delay is too long',
      { steps: [step(86_401, 'a')] },
      'steps.0.afterSeconds: A delay can be at most 86,400 seconds (24 hours).',
    ],
    ['a delay is negative', { steps: [step(-1, 'a')] }, 'steps.0.afterSeconds: A delay cannot be negative.'],
    [
      'a target is of no known type',
      { steps: [{ afterSeconds: 0, targets: [{ type: 'pigeon', id: 'a' }] }] },
      'steps.0.targets.0.type: The type of a target must be "channel", "person" or "onCall".',
    ],
    [
      'a target is a bare id',
      { steps: [{ afterSeconds: 0, targets: ['a'] }] },
      'steps.0.targets.0: A target must be an object such as {"type": "channel", "id": "…"}.',
    ],
    ['the pause is too short', { pauseSeconds: 5 }, 'pauseSeconds: The pause must be at least 60 seconds.'],
    ['it repeats too often', { repeat: 21 }, 'repeat: At most 20 repetitions.'],
    [
      'reminders come at once',
      { remindEveryMinutes: 0 },
      'remindEveryMinutes: The reminder interval must be at least 1 minute.',
    ],
    ['no event is chosen', { events: [] }, 'events: Choose at least one event.'],
    [
      'an event is unknown',
      { events: ['up'] },
      'events.0: An event must be one of down, flapping, degraded, regional, expiring, unknown, recovered.',
    ],
  ])('is refused where %s', ([, change, problem]) => {
    expect(problems({ ...given, ...change })).toEqual([problem]);
  });
});

describe('a new channel', () => {
  test('joins the first step, which is made where there is none', () => {
    expect(joinFirstStep([], channel('new'))).toEqual([step(0, 'new')]);
    expect(joinFirstStep(given.steps, channel('new'))).toEqual([step(0, 'mail', 'new'), step(300, 'chat')]);
    expect(joinFirstStep(given.steps, channel('mail'))).toEqual(given.steps);
  });

  test('leaves a step that is full as it is', () => {
    const full = [step(0, ...Array.from({ length: maxTargetsPerStep }, (_, i) => `c${i}`))];
    expect(joinFirstStep(full, channel('new'))).toEqual(full);
  });
});

test('a deleted target leaves its steps, and removes steps that notified nobody else', () => {
  const steps = [step(0, 'mail', 'chat'), step(300, 'mail')];
  expect(withoutTarget(steps, channel('mail'))).toEqual([step(0, 'chat')]);
  expect(withoutTarget(steps, { type: 'person', id: 'mail' })).toEqual(steps);
});
