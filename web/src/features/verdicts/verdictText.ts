import type { DeliveryView, ExplanationView, TickView, VoteView } from '../../../../worker/contract/views.ts';
import { outcomeTexts } from '../../../../worker/domain/checks/outcome.ts';
import type { Reason } from '../../../../worker/domain/checks/reasons.ts';
import { regionNames } from '../../../../worker/domain/checks/region.ts';
import type { ReclassifiedAs, Verdict } from '../../../../worker/domain/history/uptime.ts';
import type { Advisory } from '../../../../worker/domain/verdict/advisory.ts';
import type { AlertEvent } from '../../../../worker/domain/verdict/alerts.ts';
import type { Condition, RegionalProblem } from '../../../../worker/domain/verdict/condition.ts';

/** In the order in which they ask for attention. */
export const verdicts = ['down', 'degraded', 'unknown', 'up', 'maintenance', 'paused'] as const satisfies Verdict[];

export const verdictLabels: Record<Verdict, string> = {
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
  paused: 'Paused',
  maintenance: 'Maintenance',
};

/** The class of a time since its reclassification, in the middle of a sentence. */
export const reclassifiedLabels: Record<ReclassifiedAs, string> = {
  'false-positive': 'a false positive',
  maintenance: 'maintenance',
};

/** The reason as a person reads it, with the status that the target gave where that is the reason. */
export const reasonText = (tick: { reason: Reason; status: number | null }): string =>
  tick.status !== null && (tick.reason === 'status' || tick.reason === 'redirect')
    ? `${outcomeTexts(tick).sentence} ${tick.status}`
    : outcomeTexts(tick).sentence;

export const failed = (tick: Pick<TickView, 'outcome'>) => tick.outcome === 'down';

export const conditionLabels: Record<Condition, string> = { regional: 'Regional problem', flapping: 'Flapping' };

export const alertLabels: Record<AlertEvent | Advisory, string> = {
  up: 'Recovered',
  down: 'Down',
  flapping: 'Flapping',
  stable: 'Stable again',
  degraded: 'Slow',
  regional: 'Fails in some regions',
  unknown: 'No data',
};

/** `Regional problem: Asia-Pacific fails, 2 others pass`. */
export const regionalText = ({ failing, passing }: RegionalProblem): string => {
  const places = new Intl.ListFormat('en').format(failing.map((region) => regionNames[region]));
  const others = passing === 1 ? '1 other passes' : `${passing || 'no'} others pass`;
  return `Regional problem: ${places} ${failing.length === 1 ? 'fails' : 'fail'}, ${others}`;
};

export const ignoredTexts: Record<NonNullable<VoteView['ignored']>, string> = {
  'never-seen': 'No usable result yet, so no vote.',
  stale: 'No data for too long: the last result no longer counts.',
  distrusted: 'Distrusted: most monitors started to fail from this region at once, so the region itself is suspect.',
  'same-data-centre': 'Same data centre as another region: one vote together.',
  outdated: 'Too old to count with other failures: the region is being rechecked.',
};

/** The required votes of the policy, and the actual ones. */
export const quorumText = ({ quorum, needed, neededPassing, size, down, passing }: ExplanationView): string => {
  const who = typeof quorum === 'number' ? `${quorum} regions` : quorumLabels[quorum];
  const votes = `${size} ${size === 1 ? 'vote' : 'votes'}`;
  return `The quorum is ${who}: of ${votes}, ${needed} failing means down and ${neededPassing} passing means up. Counted: ${down} failing, ${passing} passing.`;
};

const quorumLabels = { any: 'any one region', majority: 'a majority of the regions', all: 'all regions' };

/** The content of a message, as part of a sentence. */
export const deliveryText: Record<DeliveryView['event'], string> = {
  down: 'the monitor is down',
  flapping: 'the monitor is flapping',
  degraded: 'the monitor is slow',
  regional: 'the monitor fails in some regions',
  expiring: 'the certificate or domain expires soon',
  unknown: 'the monitor sends no data',
  reminder: 'the monitor is still down',
  stable: 'the monitor is stable again',
  acknowledged: 'the incident was acknowledged',
  recovered: 'the monitor has recovered',
  resolved: 'the incident was resolved manually',
  'channel-failing': 'another channel keeps failing',
  'channel-working': 'another channel works again',
};
