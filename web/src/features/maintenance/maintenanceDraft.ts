import type { MaintenanceWindowView } from '../../../../worker/contract/views.ts';
import { once, type Recurrence, recurrenceOf, ruleOf, weekdayOf } from '../../lib/recurrence.ts';
import { zonedDate } from '../../lib/zoned.ts';

export interface MaintenanceTimes {
  startsAt: string;
  endsAt: string;
  timeZone?: string;
  rrule: string | null;
  /** What is left out, for showing what would come of the times; saving leaves it as it is. */
  skipped: string[];
}

export interface MaintenanceInput extends Omit<MaintenanceTimes, 'skipped'> {
  title: string;
  monitorIds: string[];
  tags: string[];
  allMonitors: boolean;
}

/** What stands in the form. Times are as the clocks of `timeZone` show them, in the form that the browser's fields have. */
export interface MaintenanceDraft extends Recurrence {
  title: string;
  startsAt: string;
  /** The last start that was complete, from which the end is measured while another one is typed. */
  lastStartsAt: string;
  endsAt: string;
  timeZone: string;
  allMonitors: boolean;
  monitorIds: string[];
  tags: string[];
  skipped: string[];
}

const dayMs = 86_400_000;

/** Tomorrow night from two to four; `monitorId` is chosen where the way led here from a monitor. */
export const emptyMaintenance = (timeZone: string, now: number, monitorId?: string): MaintenanceDraft => {
  const tomorrow = zonedDate(new Date(now + dayMs).toISOString(), timeZone);
  return {
    ...once,
    title: '',
    startsAt: `${tomorrow}T02:00`,
    lastStartsAt: `${tomorrow}T02:00`,
    endsAt: `${tomorrow}T04:00`,
    timeZone,
    allMonitors: false,
    monitorIds: monitorId ? [monitorId] : [],
    tags: [],
    skipped: [],
  };
};

export const maintenanceDraftOf = (window: MaintenanceWindowView): MaintenanceDraft => ({
  ...recurrenceOf(window.rrule, window.startsAt),
  title: window.title,
  startsAt: window.startsAt,
  lastStartsAt: window.startsAt,
  endsAt: window.endsAt,
  timeZone: window.timeZone,
  allMonitors: window.allMonitors,
  monitorIds: window.monitorIds,
  tags: window.tags,
  skipped: window.skipped.map(({ startsAt }) => startsAt),
});

export const timesOf = (draft: MaintenanceDraft): MaintenanceTimes => ({
  startsAt: draft.startsAt.slice(0, 16),
  endsAt: draft.endsAt.slice(0, 16),
  timeZone: draft.timeZone,
  rrule: ruleOf(draft, draft.startsAt),
  skipped: [...draft.skipped],
});

export const maintenanceInput = (draft: MaintenanceDraft): MaintenanceInput => {
  const { skipped: _, ...times } = timesOf(draft);
  return {
    ...times,
    title: draft.title.trim(),
    allMonitors: draft.allMonitors,
    monitorIds: draft.allMonitors ? [] : [...draft.monitorIds],
    tags: draft.allMonitors ? [] : [...draft.tags],
  };
};

/** Missing fields. Contradictions are reported by the API, with the preview. */
export const maintenanceProblems = (draft: MaintenanceDraft): Record<string, string> => ({
  ...(draft.title.trim() === '' && { title: 'Enter a title for the window.' }),
  ...(draft.startsAt === '' && { startsAt: 'Enter a start.' }),
  ...(draft.endsAt === '' && { endsAt: 'Enter an end.' }),
  ...(draft.startsAt !== '' &&
    draft.endsAt !== '' &&
    draft.endsAt <= draft.startsAt && { endsAt: 'The window ends before it starts.' }),
  ...(draft.repeat === 'weekly' && draft.days.length === 0 && { rrule: 'Choose at least one day.' }),
  ...(draft.repeat === 'custom' &&
    draft.rule.trim() === '' && { rrule: 'Enter a rule, such as FREQ=WEEKLY;BYDAY=SU.' }),
  ...(!draft.allMonitors &&
    draft.monitorIds.length === 0 &&
    draft.tags.length === 0 && { monitorIds: 'Choose monitors, tags, or all monitors.' }),
});

/** Has all its parts, and a year that is typed to its end. */
const isComplete = (time: string) => /^(19|[2-9]\d)\d\d-\d\d-\d\dT\d\d:\d\d/.test(time);

/** Windows are kept to the minute; some browsers add seconds. */
const atMinute = (time: string) => Date.parse(`${time.slice(0, 16)}Z`);

/**
 * The draft after another start: the end keeps its distance, and a single day of the week follows. While a start is
 * typed nothing moves; the distance counts from the last complete one.
 */
export const withStart = (draft: MaintenanceDraft, startsAt: string): Partial<MaintenanceDraft> => {
  const before = isComplete(draft.startsAt) ? draft.startsAt : draft.lastStartsAt;
  if (!isComplete(startsAt)) return { startsAt, lastStartsAt: before };
  const end = atMinute(draft.endsAt) + atMinute(startsAt) - atMinute(before);
  const follows = draft.days.length === 1 && draft.days[0] === weekdayOf(before);
  return {
    startsAt,
    lastStartsAt: startsAt,
    ...(isComplete(draft.endsAt) && Number.isFinite(end) && { endsAt: new Date(end).toISOString().slice(0, 16) }),
    ...(follows && { days: [weekdayOf(startsAt)] }),
  };
};
