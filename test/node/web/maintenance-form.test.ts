import { describe, expect, test } from 'vitest';
import {
  emptyMaintenance,
  maintenanceInput,
  maintenanceProblems,
  withStart,
} from '../../../web/src/features/maintenance/maintenanceDraft.ts';
import { recurrenceText } from '../../../web/src/features/maintenance/recurrenceText.ts';
import { byDay, monthAfter, weeksOf } from '../../../web/src/lib/calendar.ts';
import { recurrenceOf, ruleOf } from '../../../web/src/lib/recurrence.ts';
import { zonedDate } from '../../../web/src/lib/zoned.ts';

/** A Saturday, the third of its month. */
const startsAt = '2026-11-21T02:00';

describe('how a window repeats', () => {
  test.each([
    [null, 'once', 'Once'],
    ['FREQ=DAILY', 'daily', 'Every day'],
    ['FREQ=DAILY;INTERVAL=3', 'daily', 'Every 3 days'],
    ['FREQ=WEEKLY;BYDAY=MO,FR;INTERVAL=2', 'weekly', 'Every 2 weeks on Monday and Friday'],
    ['FREQ=MONTHLY;BYMONTHDAY=21', 'monthly-day', 'Every month on day 21'],
    ['FREQ=MONTHLY;BYDAY=3SA;UNTIL=20271231', 'monthly-weekday', 'Every month on the third Saturday, until 2027-12-31'],
    ['FREQ=MONTHLY;BYDAY=-1SA', 'monthly-last', 'Every month on the last Saturday'],
    ['FREQ=MONTHLY;BYDAY=2SA', 'custom', 'Every month on the second Saturday'],
    ['FREQ=DAILY;COUNT=3', 'custom', 'Every day, 3 times'],
    ['FREQ=WEEKLY;BYDAY=FR,MO', 'custom', 'Every week on Monday and Friday'],
    ['FREQ=WEEKLY', 'custom', 'Every week on Saturday'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'weekly', 'Every week on working days'],
    ['FREQ=MONTHLY', 'custom', 'Every month on day 21'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'custom', 'Every month on the last working day'],
    ['FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1', 'custom', 'Every month on the first Saturday or Sunday'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,15', 'custom', 'Every month on days 1 and 15'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'custom', 'Every month on the last day'],
    ['FREQ=MONTHLY;BYDAY=SU', 'custom', 'Every month on every Sunday'],
    ['FREQ=MONTHLY;BYDAY=-2FR;COUNT=1', 'custom', 'Every month on the second to last Friday, 1 time'],
    ['FREQ=YEARLY', 'custom', 'Every year on day 21 in November'],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31', 'custom', 'Every year on day 31 in December'],
    ['FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU', 'custom', 'Every year on the last Sunday in March and October'],
    ['FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR', 'custom', 'Every day, on working days'],
    ['FREQ=DAILY;BYHOUR=14,2', 'custom', 'Every day at 02:00 and 14:00'],
    ['FREQ=DAILY;UNTIL=20261231T040000', 'custom', 'Every day, until 2026-12-31'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'custom', 'Repeats by the rule FREQ=YEARLY;BYWEEKNO=20'],
  ])('%s is the choice "%s", in words: %s', (rule, repeat, text) => {
    const recurrence = recurrenceOf(rule, startsAt);
    expect(recurrence.repeat).toBe(repeat);
    expect(ruleOf(recurrence, startsAt)).toBe(rule);
    expect(recurrenceText(rule, startsAt)).toBe(text);
  });
});

describe('the form', () => {
  const draft = emptyMaintenance('Asia/Tokyo', Date.parse('2026-11-21T20:00:00Z'), 'mon_1');

  test('begins with the night after, in the zone of the team', () => {
    expect([draft.startsAt, draft.endsAt]).toEqual(['2026-11-23T02:00', '2026-11-23T04:00']);
    expect(maintenanceInput(draft)).toMatchObject({ monitorIds: ['mon_1'], rrule: null, allMonitors: false });
  });

  test('moves the end with the start, and a single day of the week too', () => {
    expect(withStart({ ...draft, days: ['MO'] }, '2026-11-24T03:30')).toEqual({
      startsAt: '2026-11-24T03:30',
      lastStartsAt: '2026-11-24T03:30',
      endsAt: '2026-11-24T05:30',
      days: ['TU'],
    });
  });

  test.each([
    ['the month is cleared and typed', ['', '2026-12-23T02:00'], '2026-12-23T04:00'],
    [
      'the year is typed',
      ['0002-11-23T02:00', '0020-11-23T02:00', '0202-11-23T02:00', '2027-11-23T02:00'],
      '2027-11-23T04:00',
    ],
    ['a digit too many is typed', ['20261-11-23T02:00', '', '2026-11-30T02:00'], '2026-11-30T04:00'],
    ['nothing complete is typed', ['', '0002-11-23T02:00'], '2026-11-23T04:00'],
    ['seconds come and go', ['2026-11-23T02:00:30', '2026-11-24T02:00'], '2026-11-24T04:00'],
  ])('keeps the distance of the end while %s', (_, typed, endsAt) => {
    let after = draft;
    for (const startsAt of typed) after = { ...after, ...withStart(after, startsAt) };
    expect(after.endsAt).toBe(endsAt);
  });

  test('measures from the last complete start when the end is changed meanwhile', () => {
    const cleared = { ...draft, ...withStart(draft, ''), endsAt: '2026-11-23T05:00' };
    expect(withStart(cleared, '2026-12-01T02:00')).toMatchObject({ endsAt: '2026-12-01T05:00' });
  });

  test.each([
    [{}, ['title']],
    [{ title: 'Deploy' }, []],
    [{ title: 'Deploy', monitorIds: [] }, ['monitorIds']],
    [{ title: 'Deploy', endsAt: '2026-11-23T02:00' }, ['endsAt']],
    [{ title: 'Deploy', endsAt: '', startsAt: '' }, ['startsAt', 'endsAt']],
    [{ title: 'Deploy', repeat: 'weekly' as const }, ['rrule']],
    [{ title: 'Deploy', repeat: 'custom' as const, rule: ' ' }, ['rrule']],
  ])('%j lacks %j', (given, fields) => {
    expect(Object.keys(maintenanceProblems({ ...draft, ...given }))).toEqual(fields);
  });
});

describe('the calendar', () => {
  test('a month has whole weeks that begin on Monday', () => {
    const weeks = weeksOf('2026-11');
    expect(weeks[0]?.[0]).toBe('2026-10-26');
    expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06');
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect([monthAfter('2026-11', 2), monthAfter('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  });

  test('an occurrence stands on each day that it touches in the zone, and not on the one at whose midnight it ends', () => {
    const held = { windowId: 'mnt_1', title: 'Deploy' };
    const night = { ...held, from: '2026-11-21T22:00:00.000Z', to: '2026-11-22T23:00:00.000Z' };
    expect([...byDay([night], 'Europe/Berlin').keys()]).toEqual(['2026-11-21', '2026-11-22']);
    expect([...byDay([night], 'Asia/Tokyo').keys()]).toEqual(['2026-11-22', '2026-11-23']);
    expect(zonedDate('2026-11-21T23:30:00Z', 'Europe/Berlin')).toBe('2026-11-22');
  });
});
