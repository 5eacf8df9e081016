import { utf8Bytes } from '../teams/account.ts';

/**
 * Calendars as text: https://www.rfc-editor.org/rfc/rfc5545. Written here because what the libraries make of a name with
 * a comma or an end of line is not what it demands (section 3.3.11).
 */

export interface CalendarEntry {
  /** The same whenever the same entry is written again, and no other's. */
  uid: string;
  /** ms since the epoch. */
  from: number;
  to: number;
  summary: string;
  description?: string;
}

export interface Calendar {
  name: string;
  /** When it was written, ms since the epoch. */
  at: number;
  /** How often programs that show it should ask again. */
  refreshMinutes: number;
  entries: readonly CalendarEntry[];
}

export const calendarText = ({ name, at, refreshMinutes, entries }: Calendar): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Pharos//Pharos//EN',
    'CALSCALE:GREGORIAN',
    // The older name is the one that most programs read. https://www.rfc-editor.org/rfc/rfc7986#section-5.1
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:PT${refreshMinutes}M`,
    `X-PUBLISHED-TTL:PT${refreshMinutes}M`,
    ...entries.flatMap((entry) => entryLines(entry, at)),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');

const entryLines = ({ uid, from, to, summary, description }: CalendarEntry, at: number) => [
  'BEGIN:VEVENT',
  `UID:${escaped(uid)}`,
  `DTSTAMP:${utc(at)}`,
  `DTSTART:${utc(from)}`,
  `DTEND:${utc(to)}`,
  `SUMMARY:${escaped(summary)}`,
  ...(description === undefined ? [] : [`DESCRIPTION:${escaped(description)}`]),
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
];

/** Section 3.3.5, form 2: in UTC no zone has to be described. */
const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Section 3.3.11. Other control characters have no place in a text and are left out. */
const escaped = (text: string) =>
  text
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is left out
    .replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');

const maxLineBytes = 75;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text);

/** Section 3.1: lines of at most 75 bytes of UTF-8, cut between characters; the blank that continues one counts. */
const folded = (line: string): string => {
  if (line.length <= maxLineBytes && (isAscii(line) || utf8Bytes(line) <= maxLineBytes)) return line;
  let text = '';
  let room = maxLineBytes;
  for (const character of line) {
    const bytes = utf8Bytes(character);
    if (bytes > room) {
      text += '\r\n ';
      room = maxLineBytes - 1;
    }
    text += character;
    room -= bytes;
  }
  return text;
};
