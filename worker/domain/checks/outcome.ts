import type { Answer } from './answer.ts';
import type { ReasonTexts } from './commonReasons.ts';
import { type Reason, textsOf } from './reasons.ts';
import type { Region } from './region.ts';

export type Health = 'up' | 'degraded' | 'down';

/** The result of one check, as its region observed it. */
export interface Observation {
  region: Region;
  health: Health | 'unknown';
  reason: Reason;
  /** Status of the response, where one came: an HTTP status, or the equivalent of its kind. */
  status: number | null;
  /** From the start of the attempt to the response headers of the last hop (to the end of the body where it was read). */
  latencyMs: number;
  /** IATA code of the data centre that probed, where known. */
  dataCentre: string | null;
}

export const observationOf = ({ region, health, reason, status, latencyMs, dataCentre }: Observation): Observation => ({
  ...{ region, health, reason },
  ...{ status, latencyMs, dataCentre },
});

export interface Outcome extends Observation {
  /** When the check was due, ms since the epoch. */
  scheduledAt: number;
  /** When the attempt began, ms since the epoch. */
  startedAt: number;
  /** With a failure that says something new, where an answer came at all. */
  answer?: Answer;
}

/** An outcome without evidence about the target, whose owner can change that and is notified of it. */
export const isRefusal = (reason: Reason | undefined): reason is 'challenged' => reason === 'challenged';

interface Known {
  health: Health | 'unknown';
  suspect: boolean;
  /** Nothing is known of this region yet, not even that its checks are refused. */
  isNew?: boolean;
}

/**
 * A quiet outcome only confirms the monitor's known state in this region; it costs no call of the Monitor object. An outcome
 * without evidence about the target is quiet as well, unless it explains why a region's data is, or becomes, stale.
 */
export const isLoud = (known: Known, { health, reason }: Pick<Outcome, 'health'> & { reason?: Reason }) =>
  health === 'unknown'
    ? isRefusal(reason) && (known.health !== 'unknown' || known.isNew === true)
    : known.suspect || health !== known.health;

const unconnected: readonly Reason[] = ['dns', 'refused', 'unreachable', 'blocked', 'unsupported', 'internal'];

/** How long the target took, ms; null where no connection was made: that time is not one of the target. */
export const targetLatencyMs = (tick: { status: number | null; reason: Reason; latencyMs: number }): number | null =>
  tick.status === null && unconnected.includes(tick.reason) ? null : tick.latencyMs;

/** That Pharos gives to its own requests, by whatever name they reached it. */
export const ownAnswerStatus = 508;

/** A probe that met Pharos itself: no redirect is blocked with that status. */
export const isOwnAnswer = ({ reason, status }: { reason: Reason; status: number | null }) =>
  reason === 'blocked' && status === ownAnswerStatus;

const ownAnswerTexts: ReasonTexts = {
  sentence: 'This is the address of Pharos itself, which it does not check',
  cause: 'Address of Pharos itself',
  short: 'Pharos itself',
};

/** The texts of an outcome, with its status where it has one. */
export const outcomeTexts = (seen: { reason: Reason; status: number | null }): ReasonTexts => {
  if (isOwnAnswer(seen)) return ownAnswerTexts;
  const texts = textsOf(seen.reason);
  return seen.status === null ? texts : { ...texts, ...texts.coded?.(seen.status) };
};
