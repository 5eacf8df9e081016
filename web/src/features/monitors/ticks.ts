import type { TickView } from '../../../../worker/contract/views.ts';
import { packChecks, unpackChecks } from '../../../../worker/domain/checks/recentChecks.ts';
import type { Region } from '../../../../worker/domain/checks/region.ts';

export const dayMs = 86_400_000;

/** A check may arrive this late: data requested this long after it may lack it. */
const lateMs = 600_000;

const nameOf = ({ region, scheduledAt }: TickView) => `${region} ${scheduledAt}`;

/** ISO 8601 in UTC sorts as plain text. */
const byStart = (a: TickView, b: TickView) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0);

/**
 * Appends what is new, ascending by time; a tick that arrives twice changes nothing. Of a whole day of ticks only the end
 * is looked at, back to the first that arrived: a check begins within `lateMs` of its time.
 */
export const appendTicks = (known: readonly TickView[], arrived: readonly TickView[]): TickView[] => {
  const [first] = arrived.map(({ scheduledAt }) => scheduledAt).sort();
  if (first === undefined) return known as TickView[];
  const from = new Date(Date.parse(first) - lateMs).toISOString();
  let end = known.length;
  while (end > 0 && (known[end - 1] as TickView).startedAt >= from) end--;
  const recent = known.slice(end);
  const names = new Set(recent.map(nameOf));
  const fresh = arrived.filter((tick) => !names.has(nameOf(tick)) && names.add(nameOf(tick)));
  if (fresh.length === 0) return known as TickView[];
  return known.slice(0, end).concat([...recent, ...fresh].sort(byStart));
};

const maxRecentChecks = 30;

/** The checks of a monitor's row with new ones; one that arrives twice changes nothing. */
export const withArrived = (packed: string, arrived: readonly TickView[]): string => {
  const known = unpackChecks(packed);
  const names = new Set(known.map(({ region, at }) => `${region} ${at}`));
  const fresh = arrived
    .map(({ scheduledAt, status, region, outcome, latencyMs }) => ({
      ...{ region, outcome, latencyMs, answered: status !== null },
      at: Date.parse(scheduledAt),
    }))
    .filter(({ region, at }) => !names.has(`${region} ${at}`) && names.add(`${region} ${at}`));
  if (fresh.length === 0) return packed;
  return packChecks([...known, ...fresh].sort((a, b) => a.at - b.at).slice(-maxRecentChecks));
};

/** The newest tick of each of these regions, without a walk through the whole day. */
export const latestOf = (ticks: readonly TickView[], regions: readonly Region[]): Partial<Record<Region, TickView>> => {
  const found: Partial<Record<Region, TickView>> = {};
  let missing = regions.length;
  for (let i = ticks.length - 1; i >= 0 && missing > 0; i--) {
    const tick = ticks[i] as TickView;
    if (found[tick.region] || !regions.includes(tick.region)) continue;
    found[tick.region] = tick;
    missing--;
  }
  return found;
};

const maxRecent = 500;
let recent: TickView[] = [];

export const rememberTicks = (arrived: readonly TickView[]): void => {
  recent = [...recent, ...arrived].slice(-maxRecent);
};

/** Recent events of the feed: a response that was pending meanwhile does not contain them yet. */
export const recentTicks = (monitorId: string): TickView[] => recent.filter((tick) => tick.monitorId === monitorId);

/** Those of the last 24 hours. */
export const ofLastDay = (ticks: readonly TickView[], now: number): TickView[] => {
  const oldest = new Date(now - dayMs).toISOString();
  const first = ticks.findIndex((tick) => tick.scheduledAt >= oldest);
  return first === 0 ? (ticks as TickView[]) : ticks.slice(first === -1 ? ticks.length : first);
};

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
