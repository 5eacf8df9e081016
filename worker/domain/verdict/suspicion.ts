import type { Region } from '../checks/region.ts';
import { intervalsSeconds } from '../checks/schedule.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { Effect } from './effect.ts';
import { recentChanges, stableAfterMs } from './flapping.ts';
import { isUnsettled } from './region.ts';
import type { MonitorState, RegionState } from './state.ts';

/** A region that just contradicted itself is asked again after this long, so that one short fault is not counted twice. */
export const askAgainMs = 2_500;

/**
 * A region gets at most this many on-demand checks in a row, and in the long run one per `askEveryMs`, or a quarter of that
 * while confirmations back off.
 */
export const asksAtAStretch = 8;
export const askEveryMs = 30_000;
const backedOffTimes = 4;

/**
 * After two confirmations that confirmed no change, the next one waits this long, twice as long after each further one, and
 * at most `longestWaitMs`; meanwhile the regular checks decide. The count resets `calmAfterMs` after the last one.
 */
export const firstWaitMs = 15_000;
export const longestWaitMs = 960_000;
export const calmAfterMs = 1_800_000;

/**
 * This many changes between up and down, as flapping counts them, are confirmed at once: two whole outages. After each
 * further change, the next confirmation waits like after one that confirmed nothing.
 */
const promptChanges = 4;

/** Changes per stability period that confirmation must still detect, or a monitor that alternates would count as stable. */
const changesPerStability = 8;

/** A region without data for this long will not be confirmed. Without a limit, every check would be loud forever. */
const staleAfterMs = 2 * Math.max(...intervalsSeconds) * 1_000;

/** Longer than the asked regions take to settle; later outcomes come from a target that fails at random. */
const confirmsWithinMs = ({ confirmations, recoveryConfirmations, timeoutMs }: CheckPolicy) =>
  Math.max(confirmations, recoveryConfirmations) * (askAgainMs + timeoutMs) + 30_000;

type Asked = MonitorState['asked'];
type Ask = Extract<Effect, { type: 'ask' }>;
type Suspected = Pick<MonitorState, 'suspicion' | 'asked' | 'unconfirmed'>;

/** Generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm */
const allowsAsk = (last: Asked[Region], at: number) =>
  !last || last.restoredAt - at <= (asksAtAStretch - 1) * askEveryMs;

/** The regions that may be asked, with the requests noted in the state; fewer where confirmations back off. */
export const askAllowed = (
  asked: Asked,
  wanted: readonly Region[],
  at: number,
  isBackedOff: boolean,
): [Asked, Ask[]] => {
  const regions = wanted.filter((region) => allowsAsk(asked[region], at));
  if (regions.length === 0) return [asked, []];
  const everyMs = isBackedOff ? backedOffTimes * askEveryMs : askEveryMs;
  const next = { ...asked };
  for (const r of regions) next[r] = { at, restoredAt: Math.max(asked[r]?.restoredAt ?? 0, at) + everyMs };
  return [next, [{ type: 'ask', regions, at }]];
};

const backsOff = ({ count, at }: MonitorState['unconfirmed'], now: number) => count >= 2 && now - at < calmAfterMs;

/** Why a confirmation waits, and until when, ms since the epoch. */
export interface BackOff {
  until: number;
  /** Confirmations that confirmed no change; 0 where they are not the reason. */
  unconfirmed: number;
  /** Changes between up and down; 0 where they are not the reason. */
  changes: number;
}

/** Null where the next confirmation begins at once. */
export const backOffOf = (state: MonitorState, policy: CheckPolicy, now: number): BackOff | null => {
  const { unconfirmed } = state;
  const changes = recentChanges(state.changes, policy, now);
  const longest = changes.length > 0 ? stableAfterMs(policy) / changesPerStability : longestWaitMs;
  const waitMs = (further: number) => Math.min(longest, longestWaitMs, firstWaitMs * 2 ** Math.min(further, 16));
  const prompt = Math.max(2, Math.min(promptChanges, policy.flapping.changes));
  const found: BackOff[] = [];
  if (backsOff(unconfirmed, now))
    found.push({ until: unconfirmed.at + waitMs(unconfirmed.count - 2), unconfirmed: unconfirmed.count, changes: 0 });
  if (changes.length > prompt) {
    const until = (changes.at(-1) ?? 0) + waitMs(changes.length - prompt - 1);
    found.push({ until, unconfirmed: 0, changes: changes.length });
  }
  return found.toSorted((x, y) => y.until - x.until)[0] ?? null;
};

/** When a confirmation may begin, ms since the epoch; 0 where it need not wait. */
const confirmsFrom = (state: MonitorState, policy: CheckPolicy, now: number): number =>
  backOffOf(state, policy, now)?.until ?? 0;

const oneMore = ({ count, at }: MonitorState['unconfirmed'], now: number) => ({
  count: now - at >= calmAfterMs ? 1 : count + 1,
  at: now,
});

/**
 * While a region's latest outcomes contradict its health, confirmation runs: all other regions are asked at once, and the
 * region itself a little later, until each is settled. Regions whose vote is `outdated` are asked at once as well. A target
 * that fails at random is suspect again and again, so its confirmations back off.
 */
export const suspect = (
  state: MonitorState,
  policy: CheckPolicy,
  outdated: readonly RegionState[],
  now: number,
): [Suspected, Ask[]] => {
  const open = policy.regions.filter((r) => {
    const region = state.regions[r];
    return region !== undefined && isUnsettled(region) && now - region.latest.startedAt < staleAfterMs;
  });
  const { asked, unconfirmed } = state;
  if (open.length === 0 && outdated.length === 0)
    return [{ suspicion: null, asked, unconfirmed: isInVain(state) ? oneMore(unconfirmed, now) : unconfirmed }, []];
  const begun = state.suspicion ?? {
    ...{ since: now, failing: failingIn(state) },
    ...{ waitsUntil: confirmsFrom(state, policy, now), asksSince: 0 },
  };
  if (now < begun.waitsUntil) return [{ suspicion: begun, asked, unconfirmed }, []];
  if (begun.asksSince > 0 && now - begun.asksSince > confirmsWithinMs(policy)) {
    const further = oneMore(unconfirmed, now);
    const waitsUntil = confirmsFrom({ ...state, unconfirmed: further }, policy, now);
    return [{ suspicion: { ...begun, waitsUntil, asksSince: 0 }, asked, unconfirmed: further }, []];
  }
  const answered = (r: Region) => (asked[r]?.at ?? 0) <= (state.regions[r]?.latest.startedAt ?? 0);
  const atOnce =
    begun.asksSince > 0
      ? outdated.map(({ latest }) => latest.region).filter((r) => !open.includes(r) && answered(r))
      : policy.regions.filter((r) => !open.includes(r));
  const isBackedOff = backOffOf(state, policy, now) !== null;
  const [askedNow, first] = askAllowed(asked, atOnce, now, isBackedOff);
  const [askedLater, second] = askAllowed(askedNow, open.filter(answered), now + askAgainMs, isBackedOff);
  const suspicion = { ...begun, waitsUntil: 0, asksSince: begun.asksSince || now };
  return [{ suspicion, asked: askedLater, unconfirmed }, [...first, ...second]];
};

/** The confirmation ends and turned no region. One that only waited does not count. */
const isInVain = (state: MonitorState) =>
  state.suspicion !== null && state.suspicion.asksSince > 0 && `${failingIn(state)}` === `${state.suspicion.failing}`;

const failingIn = ({ regions }: MonitorState): Region[] =>
  (Object.keys(regions) as Region[]).filter((name) => regions[name]?.health === 'down').sort();
