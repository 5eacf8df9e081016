import { type BodyHead, readHead } from '../../../http/body.ts';
import { answerBodyBytes } from '../evidence.ts';
import type { RawEvidence } from '../probe.ts';
import { abortInSteps } from './deadline.ts';

/**
 * How long the body may take beyond the headers, ms: below the time after which a Prober thinks its slots are held by
 * targets that do not answer (objects/prober.ts).
 */
const bodyWithinMs = 300;

/**
 * The beginning of a failing answer, for people to look at. Reads the body unless somebody did before (`head`), lets go
 * of the rest, and never throws.
 */
export const captureAnswer = async (response: Response, signal: AbortSignal, head?: BodyHead): Promise<RawEvidence> => {
  const seen = head ?? (await headOf(response, signal));
  return { headers: [...response.headers], body: seen?.text ?? null, cut: seen?.cut ?? false };
};

const headOf = async (response: Response, signal: AbortSignal): Promise<BodyHead | null> =>
  response.bodyUsed ? null : readHead(response, answerBodyBytes, abortInSteps(bodyWithinMs, signal));
