import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLoud } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { ChoosableEvent } from '../../../worker/domain/escalation/escalationPolicy.ts';
import { advisories } from '../../../worker/domain/verdict/advisory.ts';
import { advisoryHoldMs } from '../../../worker/domain/verdict/alerts.ts';
import { type CheckPolicy, policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { noteLastSeen, observe, tick, wakeAt } from '../../../worker/domain/verdict/machine.ts';
import { initialState } from '../../../worker/domain/verdict/state.ts';
import {
  type AdvisoryEffect,
  advisoryWakeAt,
  isAdvisoryDue,
  lastSeenOf,
  noAdvisories,
  suppressedAdvisory,
  watchAdvisories,
} from '../../../worker/domain/verdict/watchAdvisories.ts';
import { runs } from '../../properties.ts';
import { begin, outcomeSaid, second, three } from './verdictSaid.ts';

const all: ChoosableEvent[] = [...advisories];
const once = policyOf(three, { confirmations: 1, recoveryConfirmations: 1, degradedConfirmations: 1 });

type Health = 'up' | 'degraded' | 'down';
/** The outcome of every region, or of each in the order of `three`, from then on; nothing while a region is stale. */
type Turn = [atSeconds: number, says: Health | Health[] | null];

interface LastSeen {
  atSeconds: number;
  said: string;
}

/**
 * Replays the turns as the Monitor object does: each region sends an outcome every 30 s, stale data is noticed once a minute, and
 * alarms come on time.
 */
const live = (turns: Turn[], untilSeconds: number, policy: CheckPolicy = once, events = all) => {
  let machine = initialState;
  let advisory = noAdvisories;
  const heard: LastSeen[] = [];
  const effects: AdvisoryEffect[] = [];
  const spoke: Partial<Record<Region, number>> = {};
  const fold = ([next, more]: [typeof machine, Effect[]], now: number) => {
    machine = next;
    const atSeconds = (now - begin) / second;
    for (const effect of more) if (effect.type === 'alert') heard.push({ atSeconds, said: effect.event });
    const [watched, effect] = watchAdvisories(advisory, { machine, policy, events }, now);
    advisory = watched;
    if (!effect) return;
    effects.push(effect);
    heard.push({ atSeconds, said: `${effect.change === 'ended' ? 'no longer ' : ''}${effect.problem}` });
  };
  const nextAlarm = (now: number) => {
    const times = [wakeAt(machine, policy, now), advisoryWakeAt(advisory, { machine, policy, events }, now)];
    return Math.min(...times.map((at) => at ?? Infinity));
  };
  let alarm = Infinity;
  for (let at = 0; at <= untilSeconds; at++) {
    const now = begin + at * second;
    if (alarm <= now) {
      const due = alarm;
      fold(tick(machine, policy, due), due);
      expect(nextAlarm(due)).toBeGreaterThan(due);
    }
    const says = turns.findLast(([from]) => from <= at)?.[1] ?? null;
    three.forEach((region, i) => {
      const health = typeof says === 'string' ? says : says?.[i];
      if (!health || at % 30 !== i * 10) return;
      spoke[region] = now;
      fold(observe(machine, outcomeSaid([region, health, at]), policy, now), now);
    });
    if (at % 60 === 59) fold(noteLastSeen(machine, spoke, policy, now), now);
    alarm = nextAlarm(now);
  }
  return { heard: heard.map(({ atSeconds, said }) => `${atSeconds}: ${said}`), effects, machine, advisory };
};

const oneFails: Health[] = ['down', 'up', 'up'];
const everyMinute = (one: Turn[1], other: Turn[1], from: number, to: number): Turn[] =>
  Array.from({ length: (to - from) / 60 }, (_, i) => [from + i * 60, i % 2 === 0 ? one : other]);

describe('an advisory', () => {
  test.for<[name: string, turns: Turn[], until: number, heard: string[], events?: ChoosableEvent[]]>([
    [
      'notifies once it has lasted five minutes, and again once it has been over for as long',
      [
        [0, 'up'],
        [600, 'degraded'],
        [1_200, 'up'],
      ],
      2_400,
      ['900: degraded', '1510: no longer degraded'],
    ],
    [
      'notifies nobody if it ends sooner',
      [
        [0, 'up'],
        [600, 'degraded'],
        [840, 'up'],
      ],
      2_400,
      [],
    ],
    [
      'notifies once, and once of its end, if it comes and goes every minute',
      [[0, 'up'], ...everyMinute(oneFails, 'up', 600, 2_400), [2_400, 'up']],
      3_600,
      ['900: regional', '2640: no longer regional'],
    ],
    [
      'notifies with the time of the last data if Pharos has no data, and of its end',
      [
        [0, 'up'],
        [600, null],
        [1_500, 'up'],
      ],
      2_400,
      ['890: unknown', '1810: no longer unknown'],
    ],
    [
      'without data does not continue an earlier one: each has to last five minutes by itself',
      [
        [0, 'up'],
        [600, null],
        [780, 'up'],
        [860, null],
        [1_000, 'up'],
        [1_060, null],
        [1_200, 'up'],
      ],
      2_400,
      [],
    ],
    [
      'without data ends for recipients before the next one is notified',
      [
        [0, 'up'],
        [600, null],
        [1_200, 'up'],
        [1_290, null],
        [1_900, 'up'],
      ],
      3_000,
      ['890: unknown', '1510: no longer unknown', '1580: unknown', '2210: no longer unknown'],
    ],
    ['does not exist before the first data', [[0, null]], 2_400, []],
    [
      'gives way to an outage, which alone is notified from then on',
      [
        [0, 'up'],
        [600, 'degraded'],
        [1_200, 'down'],
        [1_800, 'up'],
      ],
      3_000,
      ['900: degraded', '1230: down', '1810: up'],
    ],
    [
      'that remains after an outage has to last by itself',
      [
        [0, 'up'],
        [600, 'down'],
        [1_200, oneFails],
      ],
      1_700,
      ['630: down', '1220: up', '1520: regional'],
    ],
    [
      'gives way to a worse one, and is notified again if it continues alone',
      [
        [0, 'up'],
        [600, 'degraded'],
        [1_200, ['down', 'degraded', 'degraded']],
        [1_800, 'degraded'],
        [2_400, 'up'],
      ],
      3_600,
      ['900: degraded', '1500: regional', '2100: degraded', '2710: no longer degraded'],
    ],
    [
      'does not hide another one that a policy chooses',
      [
        [0, 'up'],
        [600, ['down', 'degraded', 'degraded']],
      ],
      1_200,
      ['900: degraded'],
      ['degraded'],
    ],
    [
      'is not notified if no policy chooses it',
      [
        [0, 'up'],
        [600, 'degraded'],
        [1_200, null],
      ],
      2_400,
      [],
      ['down', 'recovered'],
    ],
    [
      'neither starts nor ends without data',
      [
        [0, 'up'],
        [600, 'degraded'],
        [1_000, null],
        [2_400, 'degraded'],
      ],
      3_600,
      ['900: degraded', '1290: unknown', '2710: degraded'],
    ],
  ])('%s', ([, turns, until, heard, events]) => {
    expect(live(turns, until, once, events ?? all).heard).toEqual(heard);
  });

  test('counts from its start to its end', () => {
    const turns: Turn[] = [
      [0, 'up'],
      [600, 'degraded'],
      [1_200, 'up'],
    ];
    const [began, ended] = live(turns, 2_400).effects;
    expect(began).toMatchObject({ problem: 'degraded', since: begin + 600 * second });
    expect(ended).toMatchObject({ problem: 'degraded', endedAt: begin + 1_210 * second });
  });

  test('is evaluated once it has lasted, because a policy may choose it by then', () => {
    const turns: Turn[] = [
      [0, 'up'],
      [600, oneFails],
    ];
    const { machine, advisory, heard } = live(turns, 700, once, []);
    const nobody = { machine, policy: once, events: [] };
    const at = begin + 900 * second;
    expect([
      heard,
      advisoryWakeAt(advisory, nobody, begin + 700 * second),
      advisoryWakeAt(advisory, nobody, at),
    ]).toEqual([[], at, null]);
    expect(watchAdvisories(advisory, { ...nobody, events: all }, at)[1]).toMatchObject({
      change: 'began',
      problem: 'regional',
    });
  });

  test('notifies of its end even if no policy chooses it any more', () => {
    const { machine, advisory } = live(
      [
        [0, 'up'],
        [600, 'degraded'],
      ],
      1_000,
    );
    const up = live([[0, 'up']], 60).machine;
    const now = begin + 1_000 * second;
    expect(watchAdvisories(advisory, { machine, policy: once, events: [] }, now)[1]).toBeNull();
    const [gone] = watchAdvisories(advisory, { machine: up, policy: once, events: [] }, now);
    expect(watchAdvisories(gone, { machine: up, policy: once, events: [] }, now + advisoryHoldMs)[1]).toMatchObject({
      change: 'ended',
      problem: 'degraded',
    });
  });

  test('that no policy chooses any more gives way to one that a policy chooses, and does not come back', () => {
    const turns: Turn[] = [
      [0, 'up'],
      [600, ['down', 'degraded', 'degraded']],
    ];
    const { machine, advisory, heard } = live(turns, 1_200);
    expect(heard.map((line) => line.split(': ')[1])).toEqual(['regional']);
    const slowOnly = { machine, policy: once, events: ['degraded'] as const };
    const now = begin + 1_200 * second;
    expect(isAdvisoryDue(advisory, slowOnly, now)).toBe(true);
    const [next, effect] = watchAdvisories(advisory, slowOnly, now);
    expect(effect).toMatchObject({ change: 'began', problem: 'degraded' });
    expect(isAdvisoryDue(next, slowOnly, now)).toBe(false);
  });

  test('is suppressed in maintenance, with the reason, and notified afterwards', () => {
    const window = { from: begin + 700 * second, to: begin + 1_400 * second };
    const policy = { ...once, maintenance: [window] };
    const turns: Turn[] = [
      [0, 'up'],
      [600, 'degraded'],
    ];
    const { machine, advisory, heard } = live(turns, 1_000, policy);
    const watched = { machine, policy, events: all };
    expect(heard).toEqual([]);
    expect(isAdvisoryDue(advisory, watched, begin + 1_000 * second)).toBe(true);
    expect(suppressedAdvisory(advisory, watched, begin + 1_000 * second)).toEqual({
      event: 'degraded',
      because: { type: 'maintenance', until: window.to },
    });
    expect(advisoryWakeAt(advisory, watched, begin + 1_000 * second)).toBe(window.to);
    expect(live(turns, 1_500, policy).heard).toEqual(['1400: degraded']);
  });

  test('is suppressed while a dependency is down', () => {
    const dependencies = [{ monitorId: 'mon_gate', name: 'Gateway', standing: 'down' }] as const;
    const policy = { ...once, dependencies };
    const { machine, advisory, heard } = live(
      [
        [0, 'up'],
        [600, 'degraded'],
      ],
      1_000,
      policy,
    );
    expect(heard).toEqual([]);
    expect(suppressedAdvisory(advisory, { machine, policy, events: all }, begin + 1_000 * second)).toEqual({
      event: 'degraded',
      because: { type: 'dependency', monitorIds: ['mon_gate'], until: null },
    });
  });

  test('notifies nobody while the monitor flaps, and while an outage is about to be confirmed', () => {
    const flapping = { ...once, flapping: { changes: 2, withinMs: 1_200 * second } };
    const turns: Turn[] = [[0, 'up'], ...everyMinute('down', 'up', 600, 960), [960, ['down', 'degraded', 'degraded']]];
    const { heard } = live(turns, 1_400, flapping);
    expect(heard.filter((said) => advisories.some((problem) => said.includes(problem)))).toEqual([]);
    const slow = { ...once, confirmationPeriodMs: 900 * second };
    expect(
      live(
        [
          [0, 'up'],
          [600, 'down'],
        ],
        1_800,
        slow,
      ).heard,
    ).toEqual(['1530: down']);
  });
});

test('the recovery of a slow or failing region is a loud outcome, so the Monitor object receives it', () => {
  for (const health of ['degraded', 'down'] as const)
    expect(isLoud({ health, suspect: false }, { health: 'up' })).toBe(true);
});

test('one dedup key is notified at a time, each with one end, and none sooner than five minutes after its start', () => {
  const says = fc.oneof(
    fc.constantFrom<Health | null>('up', 'degraded', 'down', null),
    fc.array(fc.constantFrom<Health>('up', 'degraded', 'down'), { minLength: 3, maxLength: 3 }),
  );
  const turns = fc
    .array(fc.tuple(fc.integer({ min: 30, max: 500 }), says), { minLength: 1, maxLength: 12 })
    .map((list) => {
      const turned: Turn[] = [[0, 'up']];
      for (const [after, said] of list) turned.push([(turned.at(-1)?.[0] ?? 0) + after, said]);
      return turned;
    });
  const span = fc.record({ from: fc.nat(3_000), length: fc.nat(900) });
  fc.assert(
    fc.property(turns, fc.option(span), fc.subarray(all), (given, window, events) => {
      const at = (seconds: number) => begin + seconds * second;
      const maintenance = window ? [{ from: at(window.from), to: at(window.from + window.length) }] : [];
      const { heard } = live(given, 4_000, { ...once, maintenance }, events);
      let outage = false;
      let notified: string | null = null;
      let notifiedAt = Number.NEGATIVE_INFINITY;
      for (const [at, said] of heard.map((line) => line.split(': ') as [string, string])) {
        const problem = said.replace('no longer ', '');
        if (!(advisories as readonly string[]).includes(problem)) {
          outage = said !== 'up' && said !== 'stable';
          notified = null;
          continue;
        }
        expect(outage).toBe(false);
        if (said === problem) {
          expect(events).toContain(problem);
          expect(notified).not.toBe(problem);
        } else expect(notified).toBe(problem);
        if (notified !== null && said !== problem)
          expect(Number(at) - notifiedAt).toBeGreaterThanOrEqual(advisoryHoldMs / second);
        notified = said === problem ? problem : null;
        notifiedAt = Number(at);
      }
    }),
    { numRuns: runs(150) },
  );
});

test('two periods without data are two reports, each with the time of the last data and of the first data after it', () => {
  const turns: Turn[] = [
    [0, 'up'],
    [600, null],
    [1_200, 'up'],
    [1_290, null],
    [1_900, 'up'],
  ];
  const seconds = live(turns, 3_000).effects.map((effect) =>
    effect.change === 'began' ? (effect.since - begin) / second : (effect.endedAt - begin) / second,
  );
  expect(seconds).toEqual([590, 1_200, 1_280, 1_900]);
});

test('data of one region in between counts as the last data, though it is too little for a verdict', () => {
  const policy = policyOf(three, { confirmations: 1 });
  let machine = initialState;
  for (const [i, region] of three.entries())
    [machine] = observe(machine, outcomeSaid([region, 'up', i]), policy, begin + i * second);
  [machine] = noteLastSeen(machine, {}, policy, begin + 200 * second);
  expect([machine.verdict, lastSeenOf(machine, policy)]).toEqual(['unknown', begin + 2 * second]);
  [machine] = observe(machine, outcomeSaid(['weur', 'up', 210]), policy, begin + 210 * second);
  expect([machine.verdict, lastSeenOf(machine, policy)]).toEqual(['unknown', null]);
  [machine] = noteLastSeen(machine, {}, policy, begin + 400 * second);
  expect([machine.verdict, lastSeenOf(machine, policy)]).toEqual(['unknown', begin + 210 * second]);
  const [{ seen }] = watchAdvisories(noAdvisories, { machine, policy, events: all }, begin + 400 * second);
  expect(seen.unknown?.since).toBe(begin + 210 * second);
});
