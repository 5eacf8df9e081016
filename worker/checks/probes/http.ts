import { parseStatusRanges, type StatusRanges, statusExpected } from '../../domain/statusCodes.ts';
import { targetProblem } from '../../domain/target.ts';
import { bodyMatches, discard } from './body.ts';
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
    discard(response);
    const next = redirectsLeft > 0 ? nextHop(hop, response) : null;
    if (!next) return down('redirect', response.status);
    if (targetProblem(next.url, allowPrivateTargets)) return down('blocked', response.status);
    hop = next;
  }
};

const defaultHeaders = { 'user-agent': 'Pharos/1.0 (+uptime monitor)', accept: '*/*' };

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

const judge = async (
  response: Response,
  { target }: HttpRequest,
  signal: AbortSignal,
  stopClock: () => void,
): Promise<Judgement> => {
  const { status } = response;
  const expected = statusExpected(rangesOf(target.expectedStatus), status);
  const synthetic = await syntheticAnswer(response, expected, signal);
  if (synthetic) return synthetic;
  if (!expected) {
    discard(response);
    return down('status', status);
  }
  if (!target.bodyContains && !target.bodyNotContains) {
    discard(response);
    return { health: 'up', reason: 'ok', status };
  }
  try {
    const matches = await bodyMatches(response, target.bodyContains, target.bodyNotContains, signal);
    return matches ? { health: 'up', reason: 'ok', status } : down('body', status);
  } catch (error) {
    return down(signal.aborted ? 'timeout' : bodyFailure(error), status);
  } finally {
    stopClock();
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
