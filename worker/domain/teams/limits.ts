/**
 * The limits of one team. Teams are strangers to each other, so their shared resources (checks, targets, mail, storage) are
 * bounded per team. The operator changes a default with TEAM_LIMITS, and a single team's number in `team_limits`.
 * - `count`: of what there is now.
 * - `rate`: of what happens in a period; it begins again with the next one.
 * No number counts beyond its `ceiling`: such lists are read as a whole again and again.
 */
export const teamLimits = {
  monitors: { kind: 'count', max: 1_000, label: 'Monitors' },
  checksPerMinute: { kind: 'count', max: 6_000, label: 'Checks per minute' },
  /** Each combination costs messages of its own: 255 sets of regions at 10 s would cost hundreds of dollars a month. */
  checkGroups: { kind: 'count', max: 12, label: 'Combinations of interval and regions' },
  channels: { kind: 'count', max: 100, ceiling: 200, label: 'Alert channels' },
  people: { kind: 'count', max: 100, ceiling: 200, label: 'People on call' },
  schedules: { kind: 'count', max: 50, ceiling: 50, label: 'On-call schedules' },
  escalationPolicies: { kind: 'count', max: 100, ceiling: 100, label: 'Escalation policies' },
  statusPages: { kind: 'count', max: 20, label: 'Status pages' },
  maintenanceWindows: { kind: 'count', max: 100, ceiling: 100, label: 'Current and planned maintenance windows' },
  sockets: { kind: 'count', max: 50, label: 'Open dashboards' },
  /** Changes leave a trail, comments and former versions behind, and all teams share one database. */
  changesPerDay: { kind: 'rate', max: 20_000, periodMs: 86_400_000, label: 'Changes per day (UTC)' },
  /** Each is a row of about a kilobyte with its attempts, and what 100 webhooks are sent is as many requests. */
  alertsPerDay: { kind: 'rate', max: 20_000, periodMs: 86_400_000, label: 'Alerts per day (UTC)' },
  /** With each the votes and what regions saw are kept, and neither has an end: about 3 KB. */
  statusChangesPerDay: {
    kind: 'rate',
    max: 20_000,
    periodMs: 86_400_000,
    label: 'Status changes with evidence per day (UTC)',
  },
  emailsPerDay: { kind: 'rate', max: 500, periodMs: 86_400_000, label: 'E-mail recipients per day (UTC)' },
  channelTestsPerHour: { kind: 'rate', max: 30, periodMs: 3_600_000, label: 'Channel tests per hour' },
} as const satisfies Record<
  string,
  { max: number; label: string; ceiling?: number } & ({ kind: 'count' } | { kind: 'rate'; periodMs: number })
>;

export type LimitName = keyof typeof teamLimits;
export type RateName = { [N in LimitName]: (typeof teamLimits)[N]['kind'] extends 'rate' ? N : never }[LimitName];
export type CountName = Exclude<LimitName, RateName>;

export const limitNames = Object.keys(teamLimits) as LimitName[];

interface LimitDefinition {
  kind: 'count' | 'rate';
  max: number;
  label: string;
  ceiling?: number;
  periodMs?: number;
}

export const definitionOf = (name: LimitName): LimitDefinition => teamLimits[name];

/** From this share on a limit counts as nearly reached. */
const nearLimitShare = 0.8;

export const limitState = ({ used, limit }: { used: number; limit: number }): 'free' | 'near' | 'reached' =>
  used >= limit ? 'reached' : used >= limit * nearLimitShare ? 'near' : 'free';

/** Checks that a monitor causes in a minute, in all of its regions. */
export const checksPerMinute = (intervalSeconds: number, regions: number) => (regions * 60) / intervalSeconds;

/** Where in time a rate's period lies that holds `now` (ms): its begin, and the begin of the next one. */
export const limitPeriod = (periodMs: number, now: number) => {
  const from = Math.floor(now / periodMs) * periodMs;
  return { from, to: from + periodMs };
};

export type LimitNumbers = Partial<Record<LimitName, number>>;

/** Numbers from `monitors=2000, channels=100`; a message where the text is another. */
export const parseTeamLimits = (text: string): LimitNumbers | { problem: string } => {
  const numbers: LimitNumbers = {};
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const [, name = '', value = ''] = /^(\w+)\s*=\s*(\d{1,9})$/.exec(part) ?? [];
    if (value === '') return { problem: `"${part.slice(0, 50)}" is not of the form monitors=2000.` };
    if (!Object.hasOwn(teamLimits, name))
      return { problem: `There is no limit "${name.slice(0, 50)}". There are: ${limitNames.join(', ')}.` };
    const { ceiling = Number.POSITIVE_INFINITY } = definitionOf(name as LimitName);
    if (Number(value) > ceiling) return { problem: `"${name}" is at most ${ceiling}.` };
    numbers[name as LimitName] = Number(value);
  }
  return numbers;
};

/** All numbers, the given ones in place of the defaults. */
export const withDefaults = (numbers: LimitNumbers): Record<LimitName, number> =>
  Object.fromEntries(limitNames.map((name) => [name, numbers[name] ?? teamLimits[name].max])) as Record<
    LimitName,
    number
  >;
