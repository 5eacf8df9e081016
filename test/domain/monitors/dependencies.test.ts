import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeWay, wayRound } from '../../../worker/domain/monitors/dependencies.ts';

const graph = (edges: Record<number, number[]>) =>
  new Map(Object.entries(edges).map(([monitor, dependsOn]) => [Number(monitor), dependsOn]));

test.each([
  ['nothing to depend on', 1, [], {}, null],
  ['one that depends on nothing', 1, [2], { 2: [] }, null],
  ['itself', 1, [1], {}, [1, 1]],
  ['one that depends on it', 1, [2], { 2: [1] }, [1, 2, 1]],
  ['one that leads back over others', 1, [2], { 2: [3], 3: [4], 4: [1] }, [1, 2, 3, 4, 1]],
  ['the shortest of two ways', 1, [2, 5], { 2: [3], 3: [1], 5: [1] }, [1, 5, 1]],
  ['two ways to the same end, none of them back', 1, [2, 3], { 2: [4], 3: [4] }, null],
  ['a circle of others, which it is not part of', 1, [2], { 2: [3], 3: [2] }, null],
] as const)('the way round by %s', (_, monitor, dependsOn, edges, way) => {
  expect(wayRound(monitor, dependsOn, graph(edges as never))).toEqual(way);
});

test('a graph that grows only by what closes no way round never holds one', () => {
  const edge = fc.tuple(
    fc.integer({ min: 0, max: 9 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 40 }), (changes) => {
      const known = new Map<number, number[]>();
      for (const [monitor, dependsOn] of changes) {
        const way = wayRound(monitor, dependsOn, known);
        if (way) {
          expect([way[0], way.at(-1)]).toEqual([monitor, monitor]);
          expect(dependsOn).toContain(way[1]);
          for (const [i, step] of way.slice(1, -1).entries()) expect(known.get(step)).toContain(way[i + 2]);
        } else known.set(monitor, dependsOn);
      }
      const heights = new Map<number, number>();
      const heightOf = (monitor: number): number => {
        const height = heights.get(monitor) ?? 1 + Math.max(0, ...(known.get(monitor) ?? []).map(heightOf));
        heights.set(monitor, height);
        return height;
      };
      for (const monitor of known.keys()) expect(heightOf(monitor)).toBeLessThanOrEqual(10);
    }),
  );
});

test('a long way is named by its beginning and its end', () => {
  expect(describeWay(['a', 'b', 'a'])).toBe('a → b → a');
  expect(describeWay([...'abcdefghij', 'a'])).toBe('a → b → c → d → … → i → j → a');
});
