import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarText } from '../../../worker/domain/onCall/calendar.ts';
import { utf8Bytes } from '../../../worker/domain/teams/account.ts';

const calendarOf = (summary: string, name = 'Operations') =>
  calendarText({
    name,
    at: Date.parse('2026-11-21T12:00:00Z'),
    refreshMinutes: 60,
    entries: [
      {
        uid: 'shift_1@pharos',
        from: Date.parse('2026-11-23T08:00:00Z'),
        to: Date.parse('2026-11-30T08:00:00Z'),
        summary,
      },
    ],
  });

/** As section 3.1 has it: a line that begins with a blank continues the one before. */
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n');

/** The inverse of section 3.3.11. */
const unescaped = (text: string) => text.replaceAll(/\\([\\;,nN])/g, (_, one: string) => (/n/i.test(one) ? '\n' : one));

const summaryIn = (text: string) =>
  unescaped(
    unfolded(text)
      .find((line) => line.startsWith('SUMMARY:'))
      ?.slice('SUMMARY:'.length) ?? '',
  );

describe('a calendar', () => {
  test('has an entry for each shift', () => {
    expect(calendarOf('On call: Ana').split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Pharos//Pharos//EN',
      'CALSCALE:GREGORIAN',
      'NAME:Operations',
      'X-WR-CALNAME:Operations',
      'REFRESH-INTERVAL;VALUE=DURATION:PT60M',
      'X-PUBLISHED-TTL:PT60M',
      'BEGIN:VEVENT',
      'UID:shift_1@pharos',
      'DTSTAMP:20261121T120000Z',
      'DTSTART:20261123T080000Z',
      'DTEND:20261130T080000Z',
      'SUMMARY:On call: Ana',
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  test('lets no name write lines of its own', () => {
    const text = calendarOf('x', 'Ops; on, call \\ now\r\nEND:VCALENDAR\rX:\u0000y');
    expect(unfolded(text)).toContain('NAME:Ops\\; on\\, call \\\\ now\\nEND:VCALENDAR\\nX:y');
  });

  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  test('contains its shifts, in lines of at most 75 bytes', () => {
    fc.assert(
      fc.property(texts, (summary) => {
        const text = calendarOf(summary);
        for (const line of text.split('\r\n')) expect(utf8Bytes(line)).toBeLessThanOrEqual(75);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the regex removes these
        const expected = summary.replaceAll(/\r\n|\r/g, '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
        expect(summaryIn(text)).toBe(expected);
      }),
    );
  });
});
