import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { factsOf, fitFact } from '../../../worker/alerts/messages/facts.ts';
import {
  fitLine,
  fitList,
  fitSections,
  inBytes,
  inCharacters,
  type Section,
} from '../../../worker/alerts/messages/fit.ts';
import { markdownText } from '../../../worker/alerts/messages/markup.ts';
import type { DigestMessage } from '../../../worker/alerts/messages/message.ts';
import { bodyText, plainSection } from '../../../worker/alerts/messages/messageTexts.ts';
import { nameOf } from '../../../worker/alerts/messages/names.ts';
import { escapeHtml } from '../../../worker/alerts/messages/text.ts';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { digest } from './messages.ts';
import { context, texts, vendors } from './vendors.ts';

/** Whole lines begin and end with signs that no way of escaping touches. */
const lineOf = (name: string, i: number) => `«${i}«${name.replace(/[«»\s]/g, 'x')}»`;
const leftOut = (text: string) =>
  [...text.matchAll(/and ([\d,]+) more/g)].map(([, count]) => Number(count?.replaceAll(',', '')));

const expectWhole = (text: string, total: number) => {
  const begun = text.match(/«\d+«/g)?.length ?? 0;
  const ended = text.match(/»/g)?.length ?? 0;
  const more = leftOut(text);
  expect(ended, 'a line is cut').toBe(begun);
  expect(more.length, 'more than one count').toBeLessThanOrEqual(1);
  expect(more, 'nothing is left out').not.toContain(0);
  expect(begun + (more[0] ?? 0), text).toBe(total);
};

const anyName = fc.string({ unit: 'binary', maxLength: 60 }).map((name) => name.toWellFormed());
const anyList = fc
  .record({ names: fc.array(anyName, { maxLength: 20 }), more: fc.integer({ min: 0, max: 10_000 }) })
  .map(({ names, more }) => ({ lines: names.map(lineOf), total: names.length + more }));
const measures = fc.constantFrom(inCharacters, inBytes);
const escapes = fc.constantFrom(
  (line: string) => line,
  markdownText,
  escapeHtml,
  (line: string) => `${line}${line.length}`,
);
const room = { max: fc.integer({ min: 15, max: 2_000 }), measure: measures, shown: escapes };

test('a list is cut by whole lines, within any limit, and counts the omitted ones', () => {
  fc.assert(
    fc.property(anyList, fc.record(room), fc.constantFrom('\n', '; ', '<br>'), (list, { max, ...how }, join) => {
      const text = fitList(list, { max: max + 10, ...how, join });
      expect(how.measure(text)).toBeLessThanOrEqual(max + 10);
      expectWhole(text, list.total);
    }),
  );
});

test('a list that fits is shown whole', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `Shop ${i}`);
  const text = lines.join('\n');
  expect(fitList({ lines, total: 20 }, { max: text.length })).toBe(text);
  expect(fitList({ lines, total: 20 }, { max: text.length - 1 })).toMatch(/Shop 17\nand 2 more$/);
});

test('a line is cut only where it does not fit, and then to what fits', () => {
  fc.assert(
    fc.property(anyName, fc.record(room), (line, { max, measure, shown }) => {
      const text = fitLine(line, { max, measure, shown });
      expect(measure(text)).toBeLessThanOrEqual(max);
      expect(text.isWellFormed()).toBe(true);
      if (measure(shown(line)) <= max) expect(text).toBe(shown(line));
    }),
  );
});

const totalOf = (section: Section | undefined) =>
  typeof section?.content === 'object' ? section.content.total : Number.NaN;

test('a text omits the least important sections first, and lines of lists before that', () => {
  const sections = fc.tuple(anyName, anyList, anyName, anyList).map(([why, first, fact, second]): Section[] => [
    { name: null, content: `Why ${why.replace(/[«»\s]/g, 'x')}` },
    { name: 'First', content: first },
    { name: 'Fact', content: fact.replace(/[«»\s]/g, 'x') },
    { name: 'Second', content: second },
  ]);
  fc.assert(
    fc.property(sections, fc.integer({ min: 1, max: 4_000 }), measures, (parts, max, measure) => {
      const text = fitSections(parts, { max, measure, render: plainSection });
      expect(measure(text)).toBeLessThanOrEqual(max);
      const [, afterFirst = null] = text.split(/\nFirst:/);
      if (afterFirst === null) return;
      const [first = '', afterFact = null] = afterFirst.split(/\nFact: /);
      expectWhole(first, totalOf(parts[1]));
      const second = afterFact?.split(/\nSecond:/)[1];
      if (second !== undefined) expectWhole(second, totalOf(parts[3]));
    }),
  );
});

const digestOf = (names: readonly string[], total: number): DigestMessage => ({
  ...digest,
  counts: { down: total },
  monitors: names.map((name, i) => ({
    ...(digest.monitors[0] as DigestMessage['monitors'][number]),
    id: `mon_${i}`,
    name: lineOf(name, i),
  })),
});

const anyDigest = fc
  .record({ names: fc.array(anyName, { minLength: 1, maxLength: 20 }), more: fc.integer({ min: 0, max: 9_980 }) })
  .map(({ names, more }) => digestOf(names, names.length + more));

const settingsOf = (kind: ChannelKind) =>
  channels[kind].settings({ allowPrivate: false, ownHosts: [] }).parse(vendors[kind].settings);

/** Push and SMS show the title, which counts all of them. */
const withLists = channelKinds.filter((kind) => kind !== 'twilio' && kind !== 'web-push');

describe.each(withLists)('the digest of %s', (kind) => {
  const settings = settingsOf(kind);

  test('shows whole lines and counts the others, for any names', async () => {
    await fc.assert(
      fc.asyncProperty(anyDigest, async (message) => {
        const { body } = (await channels[kind].request(message, settings, 'dlv_1', context)) as HttpRequest;
        const total = message.counts.down ?? 0;
        const listing = texts(JSON.parse(body as string)).filter(
          (text) => /«\d+«.*» *: down/s.test(text) || leftOut(text).length > 0,
        );
        expect(listing.length).toBeGreaterThan(0);
        // The title of a digest of one monitor names it as well.
        for (const text of listing) expectWhole(total > 1 ? text : text.replace(/1 monitor down: «0«.*?»/s, ''), total);
      }),
      { numRuns: 40 },
    );
  });
});

test('omitted names and cut lines are one count', () => {
  const names = Array.from({ length: 20 }, (_, i) => `${i} ${'long '.repeat(30)}`);
  const [list] = factsOf(digestOf(names, 5_000)).filter(({ name }) => name === 'Monitors');
  if (!list) throw new Error('The digest has no list.');
  const field = fitFact(list, { max: 1024 });
  expect(field.split('\n')).toHaveLength(7);
  expect(field).toMatch(/\nand 4,994 more$/);
  expect(list.value).toMatch(/\nand 4,980 more$/);
});

test('regions are cut by whole lines as well', () => {
  const regions = ['wnam', 'enam', 'weur', 'eeur', 'apac', 'oc'] as const;
  const sentence = 'x'.repeat(60);
  const lines = regions.map((region) => `${region} ${sentence}`);
  expect(fitFact({ name: 'Seen from', value: lines.join('\n'), list: { lines, total: 6 } }, { max: 200 })).toBe(
    `${lines[0]}\n${lines[1]}\nand 4 more`,
  );
});

test('a name that fills a message is cut, and the message holds to its limit', () => {
  const message = digestOf(['🚨'.repeat(5_000)], 3);
  expect(nameOf(message.monitors[0] ?? { name: '' }).length).toBeLessThanOrEqual(200);
  for (const max of [1, 20, 50, 100, 1_024]) {
    const text = bodyText(message, { max, measure: inBytes });
    expect(inBytes(text)).toBeLessThanOrEqual(max);
    expect(text.isWellFormed()).toBe(true);
  }
});
