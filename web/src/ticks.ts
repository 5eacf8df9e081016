import type { TickView } from '../../worker/api/views.ts';

const sameTick = (a: TickView, b: TickView) => a.region === b.region && a.scheduledAt === b.scheduledAt;

/** Appends what is new, ascending by time; a tick that arrives twice changes nothing. */
export const appendTicks = (known: readonly TickView[], arrived: readonly TickView[]): TickView[] => {
  const recent = known.slice(-200);
  const fresh = arrived.filter((tick) => !recent.some((other) => sameTick(tick, other)));
  if (fresh.length === 0) return known as TickView[];
  return [...known, ...fresh].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
};

const maxRecent = 500;
let recent: TickView[] = [];

export const rememberTicks = (arrived: readonly TickView[]): void => {
  recent = [...recent, ...arrived].slice(-maxRecent);
};

/** What the feed brought lately: an answer that was on its way meanwhile does not hold it yet. */
export const recentTicks = (monitorId: string): TickView[] => recent.filter((tick) => tick.monitorId === monitorId);
