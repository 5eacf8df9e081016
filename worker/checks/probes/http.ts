import { parseStatusRanges, type StatusRanges, statusExpected } from '../../domain/statusCodes.ts';
import { targetProblem } from '../../domain/target.ts';
import { answerBodyBytes, captureAnswer } from './answer.ts';
import { bodyMatches, discard, HeadKeeper } from './body.ts';
import { bodyFailure, down, type Judgement, thrownFailure, unsupported } from './failure.ts';
import { type Hop, isRedirect, nextHop } from './hop.ts';
import type { HttpTarget, Probe, ProbeRequest, ProbeResult } from './kind.ts';
import { syntheticAnswer } from './synthetic.ts';

type HttpRequest = ProbeRequest & { target: HttpTarget };

/**
 * Asks the target once, redirects included, and judges the answer. `latencyMs` ends with the headers of the last hop,
 * or with what was read of the body where an assertion needs it.
 */
export const probeHttp: Probe<HttpTarget> = async (request) => {
  const startedAt = Date.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), request.timeoutMs);
  let latencyMs = 0;
  const stopClock = () => {
    latencyMs = Date.now() - startedAt;
  };
  try {
    const judgement = await attempt(request, deadline.signal, stopClock);
    return withLatency(judgement, latencyMs, request.degradedAboveMs);
  } finally {
    clearTimeout(timer);
  }
};

const withLatency = (judgement: Judgement, latencyMs: number, degradedAboveMs: number | null): ProbeResult =>
  judgement.health === 'up' && degradedAboveMs !== null && latencyMs > degradedAboveMs
    ? { ...judgement, health: 'degraded', reason: 'slow', latencyMs }
    : { ...judgement, latencyMs };

const attempt = async (request: HttpRequest, signal: AbortSignal, stopClock: () => void): Promise<Judgement> => {
  const { target, allowPrivateTargets } = request;
  if (targetProblem(target.url, allowPrivateTargets)) return unsupported;
  let hop = firstHop(target);
  for (let redirectsLeft = target.maxRedirects; ; redirectsLeft--) {
    const response = await send(hop, signal, stopClock);
    if (!(response instanceof Response)) return response;
    if (target.maxRedirects === 0 || !isRedirect(response.status)) return judge(response, request, signal, stopClock);
    const next = redirectsLeft > 0 ? nextHop(hop, response) : null;
    const problem = !next ? 'redirect' : targetProblem(next.url, allowPrivateTargets) ? 'blocked' : null;
    if (!next || problem) return fail(down(problem ?? 'redirect', response.status), response, request, signal);
    discard(response);
    hop = next;
  }
};

export const userAgent = 'Pharos/1.0 (+uptime monitor)';

const defaultHeaders = { 'user-agent': userAgent, accept: '*/*' };

const firstHop = ({ url, method, headers, body }: HttpTarget): Hop => {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const bodyless = method === 'GET' || method === 'HEAD';
  return { url, method, headers: { ...defaultHeaders, ...own }, body: bodyless ? null : body };
};

const send = async (hop: Hop, signal: AbortSignal, stopClock: () => void): Promise<Response | Judgement> => {
  const { url, method, headers, body } = hop;
  let request: Request;
  try {
    request = new Request(url, { method, headers, body, signal, redirect: 'manual', cache: 'no-store' });
  } catch {
    return unsupported; // The runtime refuses to build such a request at all.
  }
  try {
    return await fetch(request).finally(stopClock);
  } catch (error) {
    return signal.aborted ? down('timeout') : thrownFailure(error, url);
  }
};

/** The failure, with the beginning of what was answered where that is news; lets go of the rest. */
const fail = async (
  judgement: Judgement,
  response: Response,
  { target, keepAnswer }: HttpRequest,
  signal: AbortSignal,
  keeper?: HeadKeeper,
): Promise<Judgement> => {
  if (keepAnswer && judgement.health === 'down')
    return { ...judgement, answer: await captureAnswer(response, target, signal, keeper?.head) };
  discard(response);
  return judgement;
};

const judge = async (
  response: Response,
  request: HttpRequest,
  signal: AbortSignal,
  stopClock: () => void,
): Promise<Judgement> => {
  const { status } = response;
  const { target } = request;
  const expected = statusExpected(rangesOf(target.expectedStatus), status);
  const synthetic = await syntheticAnswer(response, expected, signal);
  if (synthetic) return fail(synthetic, response, request, signal);
  if (!expected) return fail(down('status', status), response, request, signal);
  if (!target.bodyContains && !target.bodyNotContains) {
    discard(response);
    return { health: 'up', reason: 'ok', status };
  }
  const keeper = request.keepAnswer ? new HeadKeeper(answerBodyBytes) : undefined;
  const judgement = await judgeBody(response, target, signal, keeper);
  stopClock();
  return judgement.health === 'up' ? judgement : fail(judgement, response, request, signal, keeper);
};

const judgeBody = async (
  response: Response,
  target: HttpTarget,
  signal: AbortSignal,
  keeper: HeadKeeper | undefined,
): Promise<Judgement> => {
  const { status } = response;
  try {
    const matches = await bodyMatches(response, target.bodyContains, target.bodyNotContains, signal, keeper);
    return matches ? { health: 'up', reason: 'ok', status } : down('body', status);
  } catch (error) {
    keeper?.end();
    return down(signal.aborted ? 'timeout' : bodyFailure(error), status);
  }
};

const parsed = new Map<string, StatusRanges>();

/** Parsed once per text: most monitors share a few. A text that does not parse (the API refuses it) expects nothing. */
const rangesOf = (text: string): StatusRanges => {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size >= 1000) parsed.clear();
  const ranges = parseStatusRanges(text) ?? [];
  parsed.set(text, ranges);
  return ranges;
};
