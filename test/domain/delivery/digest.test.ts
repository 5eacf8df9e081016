import { describe, expect, test } from 'vitest';
import { type DigestedDelivery, digestLines } from '../../../worker/domain/delivery/digest.ts';
import type { DeliveryEvent } from '../../../worker/domain/escalation/events.ts';

describe('a digest', () => {
  const notified = (said: [incident: string, event: DeliveryEvent][]): DigestedDelivery[] =>
    said.map(([incidentId, event]) => ({ incidentId, event }));
  const linesOf = (said: [incident: string, event: DeliveryEvent][], maxLines = 20) =>
    digestLines(notified(said), maxLines).map(
      ({ incidentId, standing, event }) => `${incidentId}: ${standing}, ${event}`,
    );

  test('says which are down, which are up again, and which went down and up within it', () => {
    const lines = linesOf([
      ['a', 'recovered'],
      ['b', 'down'],
      ['c', 'down'],
      ['b', 'recovered'],
      ['d', 'down'],
      ['c', 'acknowledged'],
    ]);
    expect(lines).toEqual(['c: open, acknowledged', 'd: open, down', 'a: over, recovered', 'b: passed, recovered']);
  });

  test('names the first few only', () => {
    const lines = linesOf(
      Array.from({ length: 10_000 }, (_, i) => [`${i}`, 'down']),
      10,
    );
    expect([lines.length, lines[0]]).toEqual([10, '0: open, down']);
  });

  test.for<[said: [incident: string, event: DeliveryEvent][], line: string]>([
    [
      [
        ['a', 'down'],
        ['a', 'recovered'],
        ['a', 'down'],
      ],
      'a: open, down',
    ],
    [
      [
        ['a', 'recovered'],
        ['a', 'down'],
      ],
      'a: open, down',
    ],
    [
      [
        ['a', 'down'],
        ['a', 'recovered'],
        ['a', 'down'],
        ['a', 'recovered'],
      ],
      'a: passed, recovered',
    ],
  ])('says that one is open which has begun again: %j', ([said, line]) => {
    expect(linesOf(said)).toEqual([line]);
  });
});
