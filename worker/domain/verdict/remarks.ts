import type { Health } from '../checks/outcome.ts';
import { duration } from '../time/duration.ts';
import type { Explanation, RegionVote } from './explanation.ts';
import { flappingFloor } from './flapping.ts';
import { form, list, placeOf, refusedBy, regionCount, saw } from './phrases.ts';

/** Additions to a sentence about a verdict: current activity, regions without a vote, suppressed alerts. */
export const remarksOn = (e: Explanation): string[] =>
  [
    e.holding &&
      `a quorum for ${e.holding.to} has lasted ${duration(e.at - e.holding.since)} of the required ${duration(e.holding.until - e.holding.since)}`,
    ...confirmed(e.votes),
    e.backedOff && waitsForRegularChecks(e.backedOff, e.at),
    ...(isBlind(e) ? [] : withoutVote(e)),
    cannotTurnDown(e) && `no outage can be confirmed, because ${regionCount(e.needed)} would have to fail`,
    e.isFlapping &&
      `it is flapping (more changes than its check settings allow, or more than ${flappingFloor.changes} in an hour), so further changes cause no alerts`,
    e.suppressed && suppressedText(e.suppressed.because),
  ].filter((remark) => typeof remark === 'string');

/** No region has a vote, nor is it about to have one. */
export const isBlind = ({ votes }: Explanation) =>
  votes.every(({ vote, ignored }) => vote === null && ignored !== null);

/** Too few regions have fresh data to turn it down, however many of them fail. An unknown verdict shows that itself. */
const cannotTurnDown = ({ verdict, needed, size }: Explanation) =>
  (verdict === 'up' || verdict === 'degraded') && needed > size;

const pendingWords: Record<Health, [one: string, many: string]> = {
  down: ['a failure', 'failures'],
  degraded: ['a slow answer', 'slow answers'],
  up: ['a recovery', 'recoveries'],
};

/** Regions with the same result and progress are named together. */
const confirmed = (votes: readonly RegionVote[]): string[] => {
  const alike = Map.groupBy(votes, (vote) => {
    const { confirming } = vote;
    return confirming && `${confirming.to} ${saw(vote)} ${confirming.count}/${confirming.needed}`;
  });
  return [...alike.values()].flatMap((those) => {
    const [first] = those;
    if (!first?.confirming) return [];
    const { to, count, needed } = first.confirming;
    const what = form(those.length, ...pendingWords[to]);
    const seen = to === 'down' ? ` (${saw(first)})` : '';
    return `${what} in ${list(those.map(placeOf))}${seen} ${form(those.length, 'is', 'are')} being confirmed, ${count} of ${needed}`;
  });
};

const waitsForRegularChecks = ({ unconfirmed, changes, until }: NonNullable<Explanation['backedOff']>, at: number) => {
  const why =
    changes > 0
      ? `it changed between up and down ${changes} times recently`
      : `${form(unconfirmed, 'the last confirmation', `the last ${unconfirmed} confirmations`)} confirmed no change`;
  return `${why}, so only regular checks confirm changes for the next ${duration(until - at)}`;
};

const whyWithoutVote: Record<NonNullable<RegionVote['ignored']>, (places: string, count: number) => string> = {
  'never-seen': (places, n) => `${places} ${form(n, 'has', 'have')} no usable result yet`,
  stale: (places, n) => `${places} ${form(n, 'sends no data and does', 'send no data and do')} not vote`,
  distrusted: (places, n) => `${places} ${form(n, 'is distrusted and does', 'are distrusted and do')} not vote`,
  'same-data-centre': (places, n) =>
    `${places} ${form(n, 'shares', 'share')} a data centre with another region and ${form(n, 'adds', 'add')} no vote`,
  outdated: (places, n) =>
    `the ${form(n, 'failure', 'failures')} in ${places} ${form(n, 'is', 'are')} too old to count with the others and ${form(n, 'is', 'are')} being rechecked`,
};

const withoutVote = ({ votes }: Explanation): string[] => {
  const refused = votes.filter(({ refusal, ignored }) => refusal && ignored !== 'distrusted');
  const others = votes.filter((vote) => !refused.includes(vote));
  const ignored = [...Map.groupBy(others, (vote) => vote.ignored)].flatMap(([why, those]) =>
    why === null ? [] : [whyWithoutVote[why](list(those.map(placeOf)), those.length)],
  );
  return refused.length > 0
    ? [`${refusedBy.challenged} the checks from ${list(refused.map(placeOf))}`, ...ignored]
    : ignored;
};

const suppressedText = (because: NonNullable<Explanation['suppressed']>['because']): string => {
  if (because.type === 'maintenance') return 'alerts are suppressed, because it is in maintenance';
  const count = because.monitorIds.length;
  const what = `${form(count, 'a monitor', `${count} monitors`)} that it depends on`;
  return because.until === null
    ? `alerts are suppressed, because ${what} ${form(count, 'is', 'are')} down`
    : `alerts wait, because ${what} may be going down`;
};
