import type {
  ExplanationView,
  SuppressionView,
  TickView,
  VerdictChangeView,
  VerdictView,
  VoteView,
} from '../../contract/views.ts';
import { asShown } from '../../db/checks/staleMonitors.ts';
import type { Database } from '../../db/core/client.ts';
import type { MonitorRow } from '../../db/monitors/monitorRow.ts';
import { readNames } from '../../db/monitors/monitors.ts';
import { findIncidentAt, listVerdictChanges, type VerdictChange } from '../../db/verdicts/verdictChanges.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import type { Explanation, RegionVote, Suppression } from '../../domain/verdict/explanation.ts';
import { sentenceOf } from '../../domain/verdict/sentence.ts';
import { staleSentence, unexplained } from '../../domain/verdict/unexplained.ts';
import { PharosError } from '../../errors.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { listLatestTicks } from '../../ticks/read.ts';
import { toEvidenceView } from '../../ticks/view.ts';
import { within } from '../../within.ts';

/** Timeout for the monitor's object; after that the latest decision is used. */
const explainWithinMs = 2_000;

/** A recent decision of another machine may be ahead of this clock. */
const clockDifferenceMs = 5_000;

/** Explains the monitor's present verdict. */
export const readVerdict = async (
  services: Services,
  monitor: MonitorRow,
  correlationId: string,
): Promise<VerdictView> => {
  const stale = await explainStale(services, monitor);
  if (stale) return stale;
  const explanation = monitor.verdict === 'paused' ? null : await askObject(services, monitor, correlationId);
  if (!explanation) return explainDecision(services, monitor, Number.MAX_SAFE_INTEGER);
  const [ticks, incidentId] = await Promise.all([
    listLatestTicks(services.db, [monitor], services.now()),
    findIncidentAt(services.db, monitor.number, explanation.at),
  ]);
  const view = await toExplanationView(services.db, monitor.teamId, explanation);
  const votes = view.votes.map((vote) => withLatest(vote, ticks.get(monitor.number) ?? []));
  return {
    monitorId: monitor.id,
    ...toVerdictChangeView({ ...explanation, explanation, incidentId }),
    isPresent: true,
    explanation: { ...view, votes },
  };
};

/** Null where the monitor is stale: its object has no current votes. */
const explainStale = async (services: Services, monitor: MonitorRow): Promise<VerdictView | null> => {
  const [shown] = await asShown(services, [monitor]);
  if (!shown?.staleSince) return null;
  const at = services.now();
  return {
    monitorId: monitor.id,
    verdict: shown.verdict,
    since: toIsoTime(shown.verdictSince),
    at: toIsoTime(at),
    isPresent: true,
    sentence: staleSentence(monitor.verdict, at - shown.staleSince),
    incidentId: await findIncidentAt(services.db, monitor.number, at),
    explanation: null,
  };
};

/** Explains the verdict that was decided last until `at` (ms). Throws where it is not known. */
export const readPastVerdict = async (services: Services, monitor: MonitorRow, at: number): Promise<VerdictView> => {
  if (at > services.now() + clockDifferenceMs)
    throw new PharosError('invalid_request', 'The time is invalid.', [
      { path: 'at', message: 'This time is in the future.' },
    ]);
  return explainDecision(services, monitor, at);
};

const explainDecision = async ({ db }: Services, monitor: MonitorRow, until: number): Promise<VerdictView> => {
  const [change] = await listVerdictChanges(db, { number: monitor.number, until, limit: 1 });
  if (!change) throw new PharosError('not_found', 'The monitor did not exist at that time.');
  const { explanation } = change;
  return {
    monitorId: monitor.id,
    ...toVerdictChangeView(change),
    isPresent: change.verdict === 'paused' && monitor.verdict === 'paused',
    explanation: explanation && (await toExplanationView(db, monitor.teamId, explanation)),
  };
};

export const toVerdictChangeView = (change: VerdictChange): VerdictChangeView => ({
  verdict: change.verdict,
  since: toIsoTime(change.since),
  at: toIsoTime(change.at),
  incidentId: change.incidentId,
  sentence: change.explanation ? sentenceOf(change.explanation) : unexplained(change),
});

/** Null where the object cannot be reached, or does not know the monitor yet. */
const askObject = async (
  services: Services,
  { id }: MonitorRow,
  correlationId: string,
): Promise<Explanation | null> => {
  const tooLate = () => new Error(`The Monitor object did not explain itself within ${explainWithinMs} ms`);
  try {
    return await within(explainWithinMs, services.monitor(id).explain(), tooLate);
  } catch (error) {
    logFailure('request', correlationId, error, { monitorId: id });
    return null;
  }
};

const toExplanationView = async (db: Database, teamId: string, explanation: Explanation): Promise<ExplanationView> => {
  const { verdict: _, since: __, at: ___, votes, holding, suppressed, backedOff, ...counts } = explanation;
  const ids = suppressed?.because.type === 'dependency' ? suppressed.because.monitorIds : [];
  const names = ids.length > 0 ? await readNames(db, { teamId, ids }) : new Map<string, string>();
  return {
    ...counts,
    votes: votes.map(toVoteView),
    backedOff: backedOff ? { ...backedOff, until: toIsoTime(backedOff.until) } : null,
    holding: holding && { ...holding, since: toIsoTime(holding.since), until: toIsoTime(holding.until) },
    suppressed: suppressed && { ...suppressed, because: toSuppressionView(suppressed.because, names) },
  };
};

const toVoteView = ({ region, vote, ignored, confirming, staleSince, refusal, evidence }: RegionVote): VoteView => ({
  ...{ region, vote, ignored, confirming },
  staleSince: toIsoTimeOrNull(staleSince),
  refusal: refusal ? { ...refusal, at: toIsoTime(refusal.at) } : null,
  evidence: evidence && toEvidenceView({ region, ...evidence }, evidence.startedAt),
});

/** The object gets no quiet outcomes: the latest tick with the same state is newer. */
const withLatest = (vote: VoteView, ticks: readonly TickView[]): VoteView => {
  const tick = ticks.findLast(({ region }) => region === vote.region);
  const { evidence } = vote;
  if (!tick || !evidence || tick.outcome !== evidence.outcome || tick.startedAt <= evidence.at) return vote;
  const { monitorId: _, scheduledAt: __, startedAt: at, ...seen } = tick;
  return { ...vote, evidence: { ...seen, at } };
};

const toSuppressionView = (because: Suppression, names: ReadonlyMap<string, string>): SuppressionView => {
  const until = toIsoTimeOrNull(because.until);
  if (because.type === 'maintenance') return { type: 'maintenance', until };
  return { type: 'dependency', monitors: because.monitorIds.map((id) => ({ id, name: names.get(id) ?? null })), until };
};
