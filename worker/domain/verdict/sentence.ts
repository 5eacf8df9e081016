import { duration } from '../time/duration.ts';
import type { Explanation, RegionVote } from './explanation.ts';
import { areNeeded, form, list, placeOf, refusedBy, regionCount, saw } from './phrases.ts';
import { isBlind, remarksOn } from './remarks.ts';
import type { DecidedVerdict } from './state.ts';

/** An explanation in one English sentence. Times are durations, because only the view knows the reader's clock. */
export const sentenceOf = (explanation: Explanation): string =>
  `${[verdictSentences[explanation.verdict](explanation), ...remarksOn(explanation)].join('; ')}.`;

const down = (e: Explanation): string => {
  const failing = voting(e, 'down');
  if (e.down < e.needed)
    return `Still down, because only ${e.passing} of ${regionCount(e.size)} ${form(e.passing, 'passes', 'pass')} again and ${areNeeded(e.neededPassing)}`;
  const failed = `failed${inARow(e.confirmations)}`;
  if (e.size === 1 && failing[0]) return `Down, because ${placeOf(failing[0])} ${failed}${lately(failing[0])}`;
  const passing = [...voting(e, 'up'), ...voting(e, 'degraded')];
  const others = passing.length > 0 ? `; ${list(passing.map(placeOf))} ${form(passing.length, 'passes', 'pass')}` : '';
  const seen = failing.filter(isFailing).map((vote) => `${placeOf(vote)}: ${saw(vote)}`);
  const evidence = seen.length > 0 ? ` (${seen.join(', ')})` : '';
  const needed = `${e.needed} ${form(e.needed, 'was', 'were')} needed`;
  return `Down, because ${e.down} of ${regionCount(e.size)} ${failed}${evidence} and ${needed}${others}`;
};

const up = (e: Explanation): string => {
  const failing = voting(e, 'down');
  if (failing.length === 0) return `Up, because ${whoPasses(e)}`;
  const fails = list(failing.map((vote) => `${placeOf(vote)} fails${lately(vote)}`));
  if (e.holding?.to === 'down') return `Not down yet, although ${fails}`;
  const alone = failing.length === 1 && e.needed > 1 ? 'a failure in one region is a regional problem, and ' : '';
  return `Up, although ${fails}: ${alone}an outage needs ${e.needed} of ${e.size}`;
};

const whoPasses = (e: Explanation): string => {
  const [first] = e.votes.filter(({ ignored }) => ignored === null);
  if (e.size === 1 && first) return `${placeOf(first)} passes`;
  if (e.passing < e.size)
    return `${e.passing} of ${regionCount(e.size)} ${form(e.passing, 'passes', 'pass')} and ${areNeeded(e.neededPassing)}`;
  return `${allOf(e.size)} pass`;
};

const degraded = (e: Explanation): string => {
  const slow = voting(e, 'degraded');
  if (e.size === 1 && slow[0]) return `Degraded, because ${placeOf(slow[0])} answers slowly`;
  const fails = e.down > 0 ? ` and ${e.down} ${form(e.down, 'fails', 'fail')}` : '';
  return `Degraded, because ${slow.length} of ${regionCount(e.size)} ${form(slow.length, 'answers', 'answer')} slowly${fails}`;
};

const unknown = (e: Explanation): string => {
  const ignoredAs = (why: RegionVote['ignored']) => e.votes.filter(({ ignored }) => ignored === why);
  if (ignoredAs('distrusted').length === e.votes.length) return 'Unknown, because all regions are distrusted';
  if (isBlind(e)) {
    const [first] = e.votes;
    if (first?.refusal && e.votes.every(({ refusal }) => refusal))
      return `Unknown, because ${refusedBy[first.refusal.reason]} the checks from ${e.votes.length === 1 ? placeOf(first) : allOf(e.votes.length)}`;
    const which = `no ${ignoredAs('distrusted').length > 0 ? 'trusted ' : ''}region`;
    const staleFor = e.at - Math.max(...ignoredAs('stale').map(({ staleSince }) => staleSince ?? 0));
    return ignoredAs('stale').length > 0
      ? `Unknown, because ${which} has sent data for ${duration(staleFor)}`
      : `Unknown, because ${which} has a usable result yet`;
  }
  const failing = voting(e, 'down');
  if (failing.length > 0 && e.passing === 0)
    return `Unknown, because only ${list(failing.map(placeOf))} ${form(failing.length, 'sends', 'send')} data, and ${form(failing.length, 'it fails', 'they fail')} (${failing.map(saw).join(', ')}): an outage needs ${regionCount(e.needed)}`;
  return `Unknown, because only ${e.passing} of ${regionCount(e.size)} ${form(e.passing, 'passes', 'pass')} so far and ${areNeeded(e.neededPassing)}`;
};

const verdictSentences: Record<DecidedVerdict, (explanation: Explanation) => string> = { down, up, degraded, unknown };

const allOf = (regions: number) => (regions === 2 ? 'both regions' : `all ${regions} regions`);

/** Regions with this vote of their own. */
const voting = ({ votes }: Explanation, wanted: RegionVote['vote']) =>
  votes.filter(({ vote, ignored }) => vote === wanted && ignored === null);

/** Its last result, unless it begins to pass again. */
const lately = (vote: RegionVote) => (isFailing(vote) ? ` (${saw(vote)})` : '');
const isFailing = ({ evidence }: RegionVote) => evidence?.health === 'down';

const inARow = (times: number) => (times === 1 ? '' : times === 2 ? ' twice in a row' : ` ${times} times in a row`);
