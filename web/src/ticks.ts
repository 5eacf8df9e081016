import type { TickView } from '../../worker/api/views.ts';

export const dayMs = 86_400_000;

const nameOf = ({ region, scheduledAt }: TickView) => `${region} ${scheduledAt}`;

/** Appends what is new, ascending by time; a tick that arrives twice changes nothing. */
export const appendTicks = (known: readonly TickView[], arrived: readonly TickView[]): TickView[] => {
  const [first = ''] = arrived.map(({ scheduledAt }) => scheduledAt).sort();
  const names = new Set(known.filter(({ scheduledAt }) => scheduledAt >= first).map(nameOf));
  const fresh = arrived.filter((tick) => !names.has(nameOf(tick)) && names.add(nameOf(tick)));
  if (fresh.length === 0) return known as TickView[];
  return [...known, ...fresh].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
};

const maxLatest = 30;

/**
 * The newest ticks of a monitor, for its row. They are copies: what a screen showed before is changed in place, and the
 * charts show ticks that arrived together with these.
 */
export const latestTicks = (known: readonly TickView[], arrived: readonly TickView[]): TickView[] =>
  appendTicks(known, arrived)
    .slice(-maxLatest)
    .map((tick) => ({ ...tick }));

const maxRecent = 500;
let recent: TickView[] = [];

export const rememberTicks = (arrived: readonly TickView[]): void => {
  recent = [...recent, ...arrived].slice(-maxRecent);
};

/** What the feed brought lately: an answer that was on its way meanwhile does not hold it yet. */
export const recentTicks = (monitorId: string): TickView[] => recent.filter((tick) => tick.monitorId === monitorId);

/** Those of the last 24 hours. */
export const ofLastDay = (ticks: readonly TickView[], now: number): TickView[] => {
  const oldest = new Date(now - dayMs).toISOString();
  const isOlder = (tick: TickView | undefined) => tick !== undefined && tick.scheduledAt < oldest;
  return isOlder(ticks[0]) ? ticks.filter((tick) => !isOlder(tick)) : (ticks as TickView[]);
};

/** So late a check may come: what was asked for so long after it may lack it. */
const lateMs = 600_000;

/**
 * A monitor's ticks of the last 24 hours: `ask` is asked for all of them where none are `known`, later only for what may
 * have come since the last answer.
 */
export const askTicks = async (
  monitorId: string,
  known: () => { data: TickView[] | undefined; dataUpdatedAt: number } | undefined,
  ask: (from: string, to: string) => Promise<TickView[]>,
): Promise<TickView[]> => {
  const now = Date.now();
  const { data, dataUpdatedAt } = known() ?? { data: undefined, dataUpdatedAt: 0 };
  // The clock of this machine may be ahead of that by which checks are timed.
  const newest = Date.parse(data?.at(-1)?.scheduledAt ?? '') || 0;
  const from = Math.max(now - dayMs, Math.min(dataUpdatedAt, newest) - lateMs);
  const answered = await ask(new Date(from).toISOString(), new Date(now).toISOString());
  // Read again: the feed may have brought more meanwhile.
  return appendTicks(ofLastDay(known()?.data ?? [], now), [...answered, ...recentTicks(monitorId)]);
};
