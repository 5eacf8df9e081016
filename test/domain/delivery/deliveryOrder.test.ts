import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOutbox } from '../../../worker/alerts/outbox/planOutbox.ts';
import type { OpenDelivery } from '../../../worker/db/deliveries/outbox.ts';
import { audienceOf, type DeliveryRecord } from '../../../worker/domain/escalation/delivery.ts';
import { choosableEvents, type EscalationPolicy } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { type DeliveryEvent, isClosing, isProblem, type Problem } from '../../../worker/domain/escalation/events.ts';
import {
  acknowledge,
  begin,
  type Effect,
  type EscalationState,
  initialEscalation,
  recover,
  reopen,
  replacePolicy,
  resolve,
  tick,
  wakeAt,
} from '../../../worker/domain/escalation/machine.ts';
import { runs } from '../../properties.ts';

const folds = { acknowledge, recover, resolve, reopen, tick };

/** The escalation of one incident, its deliveries and the outboxes of its channels, played together. */

const minute = 60_000;
const hour = 60 * minute;
const channels = ['a', 'b', 'c'] as const;
/** It has incidents of its own. */
const keeper = 'c';

interface Row extends OpenDelivery, Pick<DeliveryRecord, 'id' | 'channelId'> {}

type Move =
  | { do: 'begin'; problem: Problem }
  | { do: keyof typeof folds }
  | { do: 'policy'; policy: EscalationPolicy }
  /** The channel has quiet hours within the next hours. */
  | { do: 'hold'; channel: number; hours: number }
  /** The results of the channel's next attempts. */
  | { do: 'receiver'; channel: number; answers: ('delivered' | 'transient' | 'failed')[] };

const targets = fc.subarray(
  channels.map((id) => ({ type: 'channel' as const, id })),
  { minLength: 1 },
);
const policies: fc.Arbitrary<EscalationPolicy> = fc.record({
  steps: fc
    .array(fc.record({ afterSeconds: fc.constantFrom(0, 0, 300, 3_600), targets }), { minLength: 1, maxLength: 3 })
    .map((steps) => steps.sort((a, b) => a.afterSeconds - b.afterSeconds)),
  repeat: fc.nat(2),
  pauseSeconds: fc.constant(300),
  remindEveryMinutes: fc.option(fc.constantFrom(5, 60)),
  events: fc.constant([...choosableEvents]),
  notifyOnAcknowledgement: fc.boolean(),
});
const channel = fc.nat(channels.length - 1);
const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ do: fc.constant('begin' as const), problem: fc.constantFrom<Problem>('down', 'flapping', 'degraded') }),
  fc.record({ do: fc.constantFrom('acknowledge' as const, 'recover', 'recover', 'resolve', 'reopen', 'tick') }),
  fc.record({ do: fc.constant('policy' as const), policy: policies }),
  fc.record({ do: fc.constant('hold' as const), channel, hours: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    do: fc.constant('receiver' as const),
    channel,
    answers: fc.array(fc.constantFrom('delivered' as const, 'transient', 'transient', 'failed'), { maxLength: 3 }),
  }),
);
const scripts = fc.record({
  policy: policies,
  moves: fc.array(fc.tuple(moves, fc.integer({ min: 1, max: 3 * hour })), { maxLength: 25 }),
});

interface Arrived {
  channelId: string;
  event: DeliveryEvent;
  digest: boolean;
}

const play = ({ policy: first, moves }: { policy: EscalationPolicy; moves: [Move, number][] }) => {
  let state: EscalationState = initialEscalation;
  let policy = first;
  let now = 1_000_000_000;
  const rows: Row[] = [];
  const arrived: Arrived[] = [];
  const heldUntil = new Map<string, number>();
  const answers = new Map<string, ('delivered' | 'transient' | 'failed')[]>();

  const known = (): DeliveryRecord[] => rows.map((row) => ({ ...row, event: row.event as DeliveryEvent }));
  const write = ({ event, targets: to, sparing, at }: Effect) => {
    const own = known();
    const audience = (of: DeliveryRecord[]) => audienceOf(event, of, at);
    const spared = sparing ? audience(own) : [];
    const notified =
      to === 'notified'
        ? audience(own)
        : to === 'stateful'
          ? audience(own.filter(({ channelId }) => channelId === keeper))
          : to.map(({ id }) => id).filter((id) => !spared.includes(id));
    for (const channelId of notified)
      rows.push({
        ...{ id: `${rows.length}`, number: rows.length, dedupKey: 'inc', channelId, event, state: 'waiting' },
        ...{ createdAt: at, settledAt: null, nextAttemptAt: at, triedAt: null, critical: 0, heldUntil: null },
        digestId: null,
      });
  };
  const settle = (row: Row) => {
    const answer = answers.get(row.channelId)?.shift() ?? 'delivered';
    row.triedAt = now;
    if (answer === 'transient') row.nextAttemptAt = now + 20 * minute;
    else [row.state, row.settledAt] = [answer, now];
    if (answer === 'delivered')
      arrived.push({ channelId: row.channelId, event: row.event as DeliveryEvent, digest: false });
  };
  const sendDue = (channelId: string) => {
    for (let i = 0; i < 50; i++) {
      const own = rows.filter((row) => row.channelId === channelId);
      const until = heldUntil.get(channelId) ?? 0;
      for (const row of own)
        if (row.settledAt === null && row.nextAttemptAt <= now && now < until)
          [row.heldUntil, row.nextAttemptAt] = [until, until];
      // Alone in its channel, nothing is kept back because there is too much.
      const plan = planOutbox(own, { sent: [], digests: [] }, now, {
        keepsIncidents: channelId === keeper,
        onlyEnds: false,
      });
      for (const number of plan.suppress) Object.assign(rows[number] ?? {}, { state: 'suppressed', settledAt: now });
      for (const number of plan.send) settle(rows[number] as Row);
      for (const number of plan.digest?.numbers ?? []) {
        const row = rows[number] as Row;
        [row.state, row.settledAt] = ['delivered', now];
        arrived.push({ channelId, event: row.event as DeliveryEvent, digest: true });
      }
      if (plan.suppress.length + plan.send.length + (plan.digest?.numbers.length ?? 0) === 0) return;
    }
    throw new Error('The outbox never comes to an end.');
  };
  const fold = ([next, effects]: [EscalationState, Effect[]]) => {
    state = next;
    for (const effect of effects) write(effect);
    for (const id of channels) sendDue(id);
  };
  const pass = (ms: number) => {
    const end = now + ms;
    for (let i = 0; i < 500 && now < end; i++) {
      const due = [
        wakeAt(state, policy) ?? end,
        ...rows.filter((r) => r.settledAt === null).map((r) => r.nextAttemptAt),
      ];
      now = Math.min(end, Math.max(now + 1, Math.min(...due.filter((at) => at > now), end)));
      fold(tick(state, policy, now));
    }
    now = end;
    fold(tick(state, policy, now));
  };
  const act = (move: Move) => {
    if (move.do === 'begin') fold(begin(state, move.problem, policy, now));
    else if (move.do === 'hold') heldUntil.set(channels[move.channel] as string, now + move.hours * hour);
    else if (move.do === 'receiver') answers.set(channels[move.channel] as string, [...move.answers]);
    else if (move.do === 'policy') {
      policy = move.policy;
      fold(replacePolicy(state, policy, now));
    } else fold(folds[move.do](state, policy, now));
  };
  for (const [move, ms] of moves) {
    pass(ms);
    act(move);
  }
  pass(hour);
  act({ do: 'recover' });
  pass(48 * hour);
  return { rows, arrived };
};

const expectBeginningFirst = (arrived: readonly Arrived[]) => {
  let open = false;
  for (const { event, digest } of arrived) {
    // What a digest says is what became of it all (domain/delivery/digest.ts).
    if (!isProblem(event) && !digest) expect(open, 'the beginning arrives before what follows').toBe(true);
    open = isProblem(event) || (open && !isClosing(event));
  }
};

const expectEnd = (rows: readonly Row[], arrived: readonly Arrived[]) => {
  const last = arrived.findLast(({ event }) => isProblem(event) || isClosing(event));
  const ending = rows.findLast(({ event, state }) => isClosing(event) && state !== 'suppressed');
  if (last && isProblem(last.event)) expect(ending?.state, 'an end that did not arrive was given up').toBe('failed');
};

// One test, because playing the scripts is what takes the time.
test('nothing waits for ever, a problem arrives before its follow-ups, and an end arrives unless it failed', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const played = play(script);
      expect(played.rows.filter(({ settledAt }) => settledAt === null)).toEqual([]);
      for (const id of channels) {
        const rows = played.rows.filter(({ channelId }) => channelId === id);
        const arrived = played.arrived.filter(({ channelId }) => channelId === id);
        expectBeginningFirst(arrived);
        expectEnd(rows, arrived);
      }
    }),
    { numRuns: runs(300) },
  );
});
