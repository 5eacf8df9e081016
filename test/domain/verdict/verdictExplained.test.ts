import { describe, expect, test } from 'vitest';
import { policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../../worker/domain/verdict/effect.ts';
import { freshForMs } from '../../../worker/domain/verdict/freshness.ts';
import { explain, noteLastSeen } from '../../../worker/domain/verdict/machine.ts';
import { sentenceOf } from '../../../worker/domain/verdict/sentence.ts';
import { allUp, begin, everywhere, fold, type Said, second, three, twice } from './verdictSaid.ts';

const policy = policyOf(three);
const four = policyOf(['enam', 'weur', 'apac', 'oc']);
const single = policyOf(['weur']);
const held = policyOf(three, { confirmationPeriodMs: 45 * second });
const maintained = policyOf(three, { maintenance: [{ from: begin, to: begin + 600 * second }] });
const dependent = (standing: 'suspect' | 'down') =>
  policyOf(three, { dependencies: [{ monitorId: 'mon_1', name: 'Gateway', standing }] });
const restless = policyOf(three, { flapping: { changes: 1, withinMs: 600 * second } });

const bothFail = [...twice('weur', 'down', 20), ...twice('enam', 'down', 21)].toSorted((a, b) => a[2] - b[2]);
const down: Said[] = [...allUp, ...bothFail];

describe('a verdict is explained', () => {
  test.for<[why: string, said: Said[], under: typeof policy, sentence: string]>([
    ['before anybody spoke', [], policy, 'Unknown, because no region has a usable result yet.'],
    [
      'before enough regions spoke',
      [['weur', 'up', 1]],
      policy,
      'Unknown, because only 1 of 3 regions passes so far and 2 are needed; North America east and Asia-Pacific have no usable result yet.',
    ],
    ['where all pass', allUp, policy, 'Up, because all 3 regions pass.'],
    ['of one region', [['weur', 'up', 1]], single, 'Up, because Europe west passes.'],
    [
      'of one region that fails',
      twice('weur', 'down', 1),
      single,
      'Down, because Europe west failed twice in a row (503).',
    ],
    [
      'by a quorum',
      down,
      policy,
      'Down, because 2 of 3 regions failed twice in a row (North America east: 503, Europe west: 503) and 2 were needed; Asia-Pacific passes.',
    ],
    [
      'by a failure everywhere, where one is enough',
      [...allUp, ...everywhere('down', 20)],
      policyOf(three, { confirmations: 1 }),
      'Down, because 3 of 3 regions failed (North America east: 503, Europe west: 503, Asia-Pacific: 503) and 2 were needed.',
    ],
    [
      'by a regional problem',
      [...allUp, ...twice('weur', 'down', 20)],
      policy,
      'Up, although Europe west fails (503): a failure in one region is a regional problem, and an outage needs 2 of 3.',
    ],
    [
      'by a minority that fails',
      [...allUp, ['oc', 'up', 4], ...bothFail],
      four,
      'Up, although North America east fails (503) and Europe west fails (503): an outage needs 3 of 4.',
    ],
    [
      'while a failure is confirmed',
      [...allUp, ['weur', 'down', 20]],
      policy,
      'Up, because all 3 regions pass; a failure in Europe west (503) is being confirmed, 1 of 2.',
    ],
    [
      'while the same failure is confirmed in two regions',
      [...allUp, ['weur', 'down', 20], ['enam', 'down', 20]],
      policy,
      'Up, because all 3 regions pass; failures in North America east and Europe west (503) are being confirmed, 1 of 2.',
    ],
    [
      'while a recovery is confirmed',
      [...down, ...twice('apac', 'down', 26), ['weur', 'up', 40]],
      policy,
      'Down, because 3 of 3 regions failed twice in a row (North America east: 503, Asia-Pacific: 503) and 2 were needed; a recovery in Europe west is being confirmed, 1 of 2.',
    ],
    [
      'where two fail and that must hold',
      down,
      held,
      'Not down yet, although North America east fails (503) and Europe west fails (503); a quorum for down has lasted 15 seconds of the required 45 seconds.',
    ],
    [
      'by slow answers',
      [...allUp, ...everywhere('degraded', 10), ...everywhere('degraded', 13), ...everywhere('degraded', 16)],
      policy,
      'Degraded, because 3 of 3 regions answer slowly.',
    ],
    [
      'where a region is distrusted',
      [...allUp, ...twice('weur', 'down', 20)],
      policyOf(three, { distrusted: ['weur'] }),
      'Up, because both regions pass; Europe west is distrusted and does not vote.',
    ],
    [
      'where every region is distrusted',
      allUp,
      policyOf(three, { distrusted: three }),
      'Unknown, because all regions are distrusted.',
    ],
    [
      'where two regions share a data centre',
      [...allUp, ...twice('weur', 'down', 20, 'FRA'), ...twice('enam', 'down', 26, 'FRA')],
      policy,
      'Up, although North America east fails (503): a failure in one region is a regional problem, and an outage needs 2 of 2; Europe west shares a data centre with another region and adds no vote.',
    ],
    [
      'where failures lie apart',
      [...allUp, ['apac', 'down', 10], ['weur', 'down', 30]],
      policyOf(three, { confirmations: 1 }),
      'Up, although Europe west fails (503): a failure in one region is a regional problem, and an outage needs 2 of 3; the failure in Asia-Pacific is too old to count with the others and is being rechecked.',
    ],
    [
      'in maintenance',
      down,
      maintained,
      'Down, because 2 of 3 regions failed twice in a row (North America east: 503, Europe west: 503) and 2 were needed; Asia-Pacific passes; alerts are suppressed, because it is in maintenance.',
    ],
    [
      'while something that it depends on is down',
      down,
      dependent('down'),
      'Down, because 2 of 3 regions failed twice in a row (North America east: 503, Europe west: 503) and 2 were needed; Asia-Pacific passes; alerts are suppressed, because a monitor that it depends on is down.',
    ],
    [
      'while something that it depends on may turn down',
      down,
      dependent('suspect'),
      'Down, because 2 of 3 regions failed twice in a row (North America east: 503, Europe west: 503) and 2 were needed; Asia-Pacific passes; alerts wait, because a monitor that it depends on may be going down.',
    ],
    [
      'while it flaps',
      [...down, ...everywhere('up', 30), ...everywhere('up', 34)],
      restless,
      'Up, because all 3 regions pass; it is flapping (more changes than its check settings allow, or more than 12 in an hour), so further changes cause no alerts.',
    ],
  ])('%s', ([, said, under, sentence]) => {
    expect(sentenceOf(explain(fold(said, under).state, under, begin + 40 * second))).toBe(sentence);
  });

  const later = begin + freshForMs(policy) + 10 * second;

  test('after all regions became stale', () => {
    const [state] = noteLastSeen(fold(allUp, policy).state, {}, policy, later);
    expect(sentenceOf(explain(state, policy, later + 60 * second))).toBe(
      'Unknown, because no region has sent data for 2 minutes 33 seconds.',
    );
  });

  test('after one of two became stale: no outage can be confirmed', () => {
    const pair = policyOf(['weur', 'enam']);
    const said: Said[] = [
      ['weur', 'up', 1],
      ['enam', 'up', 2],
    ];
    const [state] = noteLastSeen(fold(said, pair).state, { weur: later }, pair, later);
    expect(sentenceOf(explain(state, pair, later + 60 * second))).toBe(
      'Up, because Europe west passes; North America east sends no data and does not vote; no outage can be confirmed, because 2 regions would have to fail.',
    );
  });

  test('after one of three became stale: an outage could still be confirmed', () => {
    const [state] = noteLastSeen(fold(allUp, policy).state, { weur: later, apac: later }, policy, later);
    expect(sentenceOf(explain(state, policy, later + 60 * second))).toBe(
      'Up, because both regions pass; North America east sends no data and does not vote.',
    );
  });

  test('after all but one became stale, and that one fails', () => {
    const [state] = noteLastSeen(
      fold([...allUp, ...twice('apac', 'down', 20)], policy).state,
      { apac: later },
      policy,
      later,
    );
    expect(sentenceOf(explain(state, policy, later))).toBe(
      'Unknown, because only Asia-Pacific sends data, and it fails (503): an outage needs 2 regions; North America east and Europe west send no data and do not vote.',
    );
  });
});

const verdictsOf = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'verdict');

describe('each change of verdict', () => {
  test('carries what decided it: the votes, the policy and the evidence', () => {
    const [, change] = verdictsOf(fold(down, policy).effects);
    expect(change?.explanation).toMatchObject({
      verdict: 'down',
      since: begin + 20 * second,
      at: begin + 25 * second + 10,
      quorum: 'majority',
      needed: 2,
      neededPassing: 2,
      size: 3,
      down: 2,
      passing: 1,
      votes: [
        { region: 'enam', vote: 'down', ignored: null, evidence: { status: 503, startedAt: begin + 25 * second } },
        { region: 'weur', vote: 'down', ignored: null, evidence: { reason: 'status' } },
        { region: 'apac', vote: 'up', ignored: null, evidence: { status: 200 } },
      ],
      suppressed: null,
    });
  });

  test('says whether people are alerted of it', () => {
    const [, change] = verdictsOf(fold(down, dependent('down')).effects);
    expect(change?.explanation?.suppressed).toEqual({
      event: 'down',
      because: { type: 'dependency', monitorIds: ['mon_1'], until: null },
    });
  });
});
