import { isLoud, type Outcome } from '../checks/outcome.ts';
import { type Region, regions } from '../checks/region.ts';
import { regionStaggerMs } from '../checks/schedule.ts';
import { type CheckPolicy, type CheckPolicySettings, checkPolicyFrom } from './checkPolicy.ts';
import { observe } from './machine.ts';
import { initialState, type MonitorState } from './state.ts';
import { quorumFloor, votesNeeded } from './votesNeeded.ts';

/**
 * What settings promise before anything happens. Computed by playing an outage and its end through the state machine itself,
 * from moments all around the interval, so the preview matches the machine. With one confirmation and a timeout that is a
 * multiple of the interval, a hanging target may take one more check, which is one timeout, than shown;
 * test/simulation/preview.test.ts checks this.
 */

export interface PreviewSettings extends CheckPolicySettings {
  intervalSeconds: number;
  timeoutMs: number;
  regionCount: number;
}

/** Whole seconds, rounded outwards. */
export interface Range {
  least: number;
  most: number;
}

export interface Preview {
  /** From the start of an outage in every region to its verdict: where checks fail quickly, ... */
  outage: Range;
  /** ... and where the target accepts connections and does not answer. */
  hang: Range;
  /** From the end of an outage that was known everywhere to the verdict that ends it. */
  recovery: Range;
  /**
   * Whether a failure in a single region is reported: never; never, although the only other region may be stale; always; or
   * always because there is no other region.
   */
  alone: 'never' | 'pair' | 'alerts' | 'only';
  /** Number of regions that may be stale while an outage in all others is still reported. */
  stale: number;
}

/** When the target turns; times in the machine's state must lie after 0, which stands for never. */
const turn = 1_000_000;

/** How quick or slow checks travel; not known beforehand. */
interface Pace {
  /** The queue may deliver each check earlier or later than the one before it, compared with their slots. */
  jitterMs: number;
  /** From the on-demand request to its probe, and from the end of a probe to its judgement. */
  askMs: number;
  judgeMs: number;
  /** Latency of an ordinary response, failing or not. */
  answerMs: number;
}

const quickest: Pace = { jitterMs: -800, askMs: 50, judgeMs: 20, answerMs: 0 };
const slowest: Pace = { jitterMs: 800, askMs: 200, judgeMs: 100, answerMs: 300 };

export const previewOf = (settings: PreviewSettings): Preview => {
  const { timeoutMs, confirmationPeriodSeconds, recoveryPeriodSeconds } = settings;
  const stage = stageOf(settings);
  const outcomeOf = (health: 'up' | 'down', answerMs?: number) =>
    rangeOf(stage, health, answerMs, health === 'down' ? confirmationPeriodSeconds : recoveryPeriodSeconds);
  return {
    outage: outcomeOf('down'),
    hang: outcomeOf('down', timeoutMs),
    recovery: outcomeOf('up'),
    alone: aloneOf(settings),
    stale: settings.regionCount - quorumFloor(settings.quorum, settings.regionCount),
  };
};

const aloneOf = ({ quorum, regionCount }: PreviewSettings): Preview['alone'] => {
  if (regionCount === 1) return 'only';
  if (votesNeeded(quorum, regionCount) === 1) return 'alerts';
  return regionCount === 2 ? 'pair' : 'never';
};

interface Stage {
  policy: CheckPolicy;
  /** The first check of each region, relative to the earliest. */
  staggersMs: number[];
  /** The state after a long time up, and after a long time down everywhere. */
  before: Record<'up' | 'down', MonitorState>;
}

const stageOf = (settings: PreviewSettings): Stage => {
  const own = regions.slice(0, settings.regionCount);
  // Periods are added to the result, so that no event within them need be played.
  const policy = checkPolicyFrom({
    ...settings,
    confirmationPeriodSeconds: 0,
    recoveryPeriodSeconds: 0,
    regions: own,
    maintenance: [],
    distrusted: [],
    dependencies: [],
  });
  const settled = (given: MonitorState, health: 'up' | 'down', times: number, from: number) => {
    let state = given;
    for (let i = 0; i < times; i++)
      for (const region of own) [state] = observe(state, outcomeOf(region, health, from + i), policy, from + i);
    // No on-demand check was made recently.
    return { ...state, asked: {} };
  };
  const up = settled(initialState, 'up', 1, turn - 200);
  return {
    policy,
    staggersMs: own.map((_, i) => regionStaggerMs(i, own.length, settings.intervalSeconds)),
    before: { up, down: settled(up, 'down', settings.confirmations, turn - 100) },
  };
};

/** Positions between two checks: right before or after the second, depending on the pace, and halfway. */
const momentsOfGap = [0, 0.5];

/** Over moments all around the interval, and over both paces. */
const rangeOf = (stage: Stage, health: 'up' | 'down', answerMs: number | undefined, periodSeconds: number): Range => {
  const { staggersMs, policy } = stage;
  const moments = staggersMs.flatMap((staggerMs, i) => {
    const gapMs = staggerMs - (staggersMs[i - 1] ?? (staggersMs.at(-1) ?? 0) - policy.intervalMs);
    return momentsOfGap.map((part) => staggerMs - Math.floor(gapMs * part));
  });
  const times = [quickest, slowest].flatMap((pace) =>
    moments.map((moment) => msUntil(stage, health, { ...pace, answerMs: answerMs ?? pace.answerMs }, moment)),
  );
  return {
    least: Math.floor(Math.min(...times) / 1000) + periodSeconds,
    most: Math.ceil(Math.max(...times) / 1000) + periodSeconds,
  };
};

type Due =
  | { at: number; type: 'look'; region: Region; isRegular: boolean }
  | { at: number; type: 'judge'; outcome: Outcome; isLoud: boolean };

/** More than any settings need. */
const mostEvents = 4_000;

/** Time until the verdict, after the target turns `health` for all regions at `moment`. */
const msUntil = ({ policy, staggersMs, before }: Stage, health: 'up' | 'down', pace: Pace, moment: number): number => {
  let state = before[health === 'down' ? 'up' : 'down'];
  const due: Due[] = policy.regions.map((region, i) => {
    const at = turn + firstLook((staggersMs[i] ?? 0) - moment, policy.intervalMs, pace);
    return { at, type: 'look', region, isRegular: true };
  });
  for (let i = 0; i < mostEvents; i++) {
    const event = takeFirst(due);
    if (event.type === 'look') {
      const { at, region, isRegular } = event;
      const known = { health: state.regions[region]?.health ?? 'unknown', suspect: state.suspicion !== null };
      const outcome = outcomeOf(region, health, at, pace.answerMs);
      due.push({ at: at + pace.answerMs + pace.judgeMs, type: 'judge', outcome, isLoud: isLoud(known, outcome) });
      if (isRegular) due.push({ ...event, at: at + policy.intervalMs });
    } else if (event.isLoud) {
      const [next, effects] = observe(state, event.outcome, policy, event.at);
      if (next.verdict === health) return event.at - turn;
      state = next;
      for (const effect of effects)
        if (effect.type === 'ask')
          for (const region of effect.regions)
            due.push({ at: effect.at + pace.askMs, type: 'look', region, isRegular: false });
    }
  }
  return Number.POSITIVE_INFINITY;
};

/**
 * Delay of a region's first check after the turn, where its slot lies `offsetMs` after the turn; a check due exactly at the
 * turn may be over.
 */
const firstLook = (offsetMs: number, intervalMs: number, { jitterMs }: Pace) => {
  const isOver = offsetMs < 0 || (offsetMs === 0 && jitterMs > 0);
  return Math.max(0, offsetMs + jitterMs + (isOver ? intervalMs : 0));
};

const takeFirst = (due: Due[]): Due => {
  const first = due.reduce((best, { at }, i) => (at < (due[best]?.at ?? 0) ? i : best), 0);
  return due.splice(first, 1)[0] as Due;
};

const outcomeOf = (region: Region, health: 'up' | 'down', startedAt: number, latencyMs = 0): Outcome => ({
  health,
  reason: health === 'up' ? 'ok' : 'status',
  status: null,
  latencyMs,
  region,
  dataCentre: null,
  scheduledAt: startedAt,
  startedAt,
});
