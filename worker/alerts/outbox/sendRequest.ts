import { judgeAnswer } from '../answers/judge.ts';
import type { VendorAnswers } from '../answers/vendorAnswers.ts';
import type { HttpRequest } from '../channels/channel.ts';
import { cut } from '../messages/text.ts';
import { addressProblem, originHeader } from './address.ts';
import { type Mask, readAnswer, shownAnswer } from './answer.ts';
import { type Attempt, defaultTimeoutMs, refused, type SendDeps } from './sendResult.ts';

/** Sends a request once and judges the response by its vendor's documentation. Never throws. */
export const sendRequest = async (
  request: HttpRequest,
  answers: VendorAnswers | null,
  deps: SendDeps,
  signal: AbortSignal,
  mask: Mask,
): Promise<Attempt> => {
  const { url, method, headers, body } = request;
  const problem = addressProblem(url, deps.rules);
  if (problem) return refused(problem);
  let response: Response;
  try {
    const target = deps.baseUrl ? rebased(url, deps.baseUrl) : url;
    const own = { [originHeader]: deps.context.publicOrigin };
    response = await fetch(target, { method, headers: { ...headers, ...own }, body, signal, redirect: 'manual' });
  } catch {
    const said = signal.aborted ? timedOut(deps) : 'The connection failed, or closed before a response.';
    return { state: 'transient', status: null, problem: said, answer: '' };
  }
  const { head, isCut } = await readAnswer(response, signal);
  const { status, headers: answered } = response;
  const answer = shownAnswer(head, isCut, mask);
  if (status >= 300 && status < 400) return { state: 'permanent', status, problem: redirected(response, mask), answer };
  const {
    state,
    problem: said,
    ...judged
  } = judgeAnswer({ status, headers: answered, body: head, isCut }, answers, deps.now());
  return {
    ...{ state, status, problem: judged.quotes ? said && mask(said) : said, answer, retryAfterMs: judged.retryAfterMs },
    ...(judged.repeatsAtMost !== null && { repeatsAtMost: judged.repeatsAtMost }),
    ...(judged.isGone && { isGone: true }),
    refusedAt: judged.refused.map(({ index, problem: why }) => ({ index, problem: mask(why) })),
  };
};

const timedOut = ({ timeoutMs = defaultTimeoutMs }: SendDeps) => `No response within ${timeoutMs / 1000} seconds.`;

const rebased = (url: string, baseUrl: string) => {
  const { pathname, search } = new URL(url);
  return baseUrl.replace(/\/$/, '') + pathname + search;
};

/** Enough for any host and most paths: a response may have a hundred kilobytes, which would be stored each time. */
const maxPlace = 300;
const maxSeen = 4096;

/** Queries contain keys, so only host and path are shown. */
const redirected = (response: Response, mask: Mask): string => {
  const location = response.headers.get('location') ?? '';
  const to = URL.canParse(location) ? new URL(location) : null;
  const seen = to ? to.origin + to.pathname : '';
  const place = to ? ` to ${cut(mask(seen.slice(0, maxSeen), seen.length > maxSeen), maxPlace)}` : '';
  return `The address redirects${place} (HTTP ${response.status}). Enter the final address.`;
};
