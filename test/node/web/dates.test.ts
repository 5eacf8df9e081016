import { expect, test } from 'vitest';
import { pageLocale } from '../../../web/src/lib/dates.ts';
import { zoneLabel, zoneText } from '../../../web/src/lib/zoned.ts';

test.each([
  ['de-DE', 'en-GB'],
  ['ja', 'en-GB'],
  ['en', 'en'],
  ['en-US', 'en-US'],
  ['enm', 'en-GB'],
])('a reader of %s reads dates in %s', (readers, pages) => {
  expect(pageLocale(readers)).toBe(pages);
});

test.each([
  ['UTC', 'UTC'],
  ['Etc/UTC', 'UTC'],
  ['Etc/GMT', 'UTC'],
  ['Europe/London', 'Europe/London (GMT)'],
  ['Europe/Berlin', 'Europe/Berlin (GMT+1)'],
  ['America/New_York', 'America/New York (GMT-5)'],
  ['Asia/Kolkata', 'Asia/Kolkata (GMT+5:30)'],
])('%s is shown as %s', (zone, text) => {
  expect(zoneText(zone, Date.parse('2026-01-15T12:00:00Z'))).toBe(text);
  expect(text.startsWith(zoneLabel(zone))).toBe(true);
});
