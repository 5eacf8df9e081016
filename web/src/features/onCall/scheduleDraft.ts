import type { OnCallScheduleView } from '../../../../worker/contract/views.ts';
import { gaps } from '../../../../worker/domain/onCall/onCall.ts';
import {
  type CreateOnCallSchedule,
  createOnCallScheduleSchema,
  type Layer,
  type OnCallSchedule,
} from '../../../../worker/domain/onCall/onCallSchedule.ts';
import type { WeeklyHours } from '../../../../worker/domain/time/weeklyHours.ts';
import { duration } from '../../lib/format.ts';
import { issuesOf } from '../../lib/issues.ts';
import { numberOf } from '../../lib/number.ts';
import { zonedDate, zonedMoment } from '../../lib/zoned.ts';
import { gapText } from './onCallText.ts';

/** A layer as it stands in the form: the number as it is typed. */
export interface LayerDraft {
  name: string;
  participants: string[];
  /** In the time zone of the schedule. */
  startsAt: string;
  every: string;
  unit: Layer['rotation']['unit'];
  hours: WeeklyHours[];
}

export interface ScheduleDraft {
  name: string;
  timeZone: string;
  layers: LayerDraft[];
}

const dayMs = 86_400_000;

/** Monday at nine, this week's or, before that, the last one's: so somebody is on call from the beginning. */
const lastMonday = (timeZone: string, now: number): string => {
  const today = Date.parse(`${zonedDate(new Date(now - 9 * 3_600_000).toISOString(), timeZone)}T00:00:00Z`);
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMs;
  return `${new Date(monday).toISOString().slice(0, 10)}T09:00`;
};

export const emptyLayer = (number: number, timeZone: string, now: number): LayerDraft => ({
  name: number === 1 ? 'Rotation' : `Layer ${number}`,
  participants: [],
  startsAt: lastMonday(timeZone, now),
  every: '1',
  unit: 'weeks',
  hours: [],
});

export const emptySchedule = (timeZone: string, now: number): ScheduleDraft => ({
  name: '',
  timeZone,
  layers: [emptyLayer(1, timeZone, now)],
});

const copyHours = (hours: readonly WeeklyHours[]) => hours.map((one) => ({ ...one, days: [...one.days] }));

export const scheduleDraftOf = ({ name, timeZone, layers }: OnCallScheduleView): ScheduleDraft => ({
  name,
  timeZone,
  layers: layers.map(({ rotation, participants, hours, ...layer }) => ({
    ...layer,
    participants: [...participants],
    every: String(rotation.count),
    unit: rotation.unit,
    hours: copyHours(hours),
  })),
});

export const scheduleInput = (draft: ScheduleDraft): CreateOnCallSchedule => ({
  name: draft.name.trim(),
  timeZone: draft.timeZone,
  layers: draft.layers.map(({ name, participants, startsAt, every, unit, hours }) => ({
    name: name.trim(),
    participants: [...participants],
    startsAt: startsAt.slice(0, 16),
    rotation: { count: numberOf(every), unit },
    hours: copyHours(hours),
  })),
});

export const scheduleProblems = (draft: ScheduleDraft): Record<string, string> =>
  issuesOf(createOnCallScheduleSchema.safeParse(scheduleInput(draft)));

const shownDays = 28;

/** Whether somebody is on call at any time of the next weeks, in a sentence. */
export const coverageText = (schedule: OnCallSchedule, now: number): string => {
  const [first, ...others] = gaps(schedule, now, now + shownDays * dayMs);
  if (!first) return `The next ${shownDays} days are fully covered.`;
  const total = [first, ...others].reduce((sum, { from, to }) => sum + to - from, 0);
  if (total === shownDays * dayMs) return `Nobody is on call in the next ${shownDays} days. ${gapText}`;
  const from = zonedMoment(new Date(first.from).toISOString(), schedule.timeZone, now);
  return `In the next ${shownDays} days, nobody is on call for ${duration(total)}, first from ${from}. ${gapText}`;
};

/** A participant changes places with its neighbour. */
export const moved = <T>(list: readonly T[], index: number, by: number): T[] => {
  const next = [...list];
  const [one] = next.splice(index, 1);
  if (one !== undefined) next.splice(index + by, 0, one);
  return next;
};
