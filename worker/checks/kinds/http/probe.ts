import { ownAnswerStatus } from '../../../domain/checks/outcome.ts';
import { originHeader } from '../../../domain/checks/requestHeaders.ts';
import { parseStatusRanges, type StatusRanges, statusExpected } from '../../../domain/checks/statusCodes.ts';
import { type TargetRules, targetProblem } from '../../../domain/checks/target.ts';
import { type BodyHead, discard, HeadKeeper, matchBody, readHead } from '../../../http/body.ts';
import { answerBodyBytes } from '../evidence.ts';
import type { Finding, HttpTarget, Probe, ProbeRequest } from '../probe.ts';
import { captureAnswer } from './answer.ts';
import { Cookies } from './cookies.ts';
import { abortInSteps, Deadline } from './deadline.ts';
import {
  bodyFailure,
  down,
  isConnectionLost,
  isInternalError,
  type Judgement,
  thrownFailure,
  unsupported,
} from './failure.ts';
import { firstHop, type Hop, isRedirect, nextHop } from './hop.ts';
import { mayBeRefusal, mayBeRefusalPage, refusedByBody, refusedByHeaders } from './protection.ts';
import { needsText, syntheticAnswer } from './synthetic.ts';

type HttpRequest = ProbeRequest & { target: HttpTarget };

/** One check on its way. */
interface Attempt {
  request: HttpRequest;
  deadline: Deadline;
  signal: AbortSignal;
  cookies: Cookies;
  startedAt: number;
  latencyMs: number;
  /** The connection of a first request ended without a valid answer. */
  isRetried: boolean;
}

const stopClock = (attempt: Attempt) => {
  attempt.latencyMs = Date.now() - attempt.startedAt;
};

/**
 * Asks the target once, redirects included, and judges the answer. `latencyMs` ends with the headers of the last hop,
 * or with what was read of the body where an assertion needs it.
 */
export const probeHttp: Probe<HttpTarget> = async (request) => {
  const deadline = new Deadline(request.timeoutMs, request.deadlines);
  const { signal } = deadline;
  const cookies = new Cookies();
  const startedAt = Date.now();
  const attempt: Attempt = { request, deadline, signal, cookies, startedAt, latencyMs: 0, isRetried: false };
  try {
    const judgement = await follow(attempt);
    return withLatency(judgement, attempt.latencyMs, request.degradedAboveMs);
  } finally {
    deadline.pause();
  }
};

const withLatency = (judgement: Judgement, latencyMs: number, degradedAboveMs: number | null): Finding =>
  judgement.health === 'up' && degradedAboveMs !== null && latencyMs > degradedAboveMs
    ? { ...judgement, health: 'degraded', reason: 'slow', latencyMs }
    : { ...judgement, latencyMs };

/** URLs of monitors that pass the rules: to parse one takes longer than to look it up, and it is asked again and again. */
const passed = new WeakMap<TargetRules, Set<string>>();
const maxPassed = 5_000;

const mayBeAsked = (url: string, rules: TargetRules | boolean): boolean => {
  if (typeof rules === 'boolean') return !targetProblem(url, rules);
  const known = passed.get(rules) ?? new Set();
  if (known.has(url)) return true;
  if (targetProblem(url, rules)) return false;
  if (known.size >= maxPassed) known.clear();
  passed.set(rules, known.add(url));
  return true;
};

const follow = async (attempt: Attempt): Promise<Judgement> => {
  const { target, allowPrivateTargets } = attempt.request;
  if (!mayBeAsked(target.url, allowPrivateTargets)) return unsupported;
  let hop = firstHop(target, attempt.request.identity);
  for (let redirectsLeft = target.maxRedirects; ; redirectsLeft--) {
    const response = await send(hop, attempt);
    if (!(response instanceof Response)) return response;
    if (target.maxRedirects === 0 || !isRedirect(response)) return judge(response, hop, attempt);
    const next = redirectsLeft > 0 ? nextHop(hop, response) : 'redirect';
    if (typeof next === 'string') return fail(down(next, response.status), response, attempt);
    if (targetProblem(next.url, allowPrivateTargets)) return fail(down('blocked', response.status), response, attempt);
    await attempt.cookies.take(hop.url, response);
    discard(response);
    const refusal = await refusalToFollow(next.url, attempt);
    if (refusal) return { ...refusal, status: response.status };
    hop = next;
  }
};

/** The target's time stands still while it is found out whether, and when, the check may go on. */
const refusalToFollow = async (url: string, attempt: Attempt): Promise<Judgement | null> => {
  const { mayFollow } = attempt.request;
  if (!mayFollow) return null;
  const leftMs = attempt.deadline.pause();
  const began = Date.now();
  const may = await mayFollow(url);
  attempt.startedAt += Date.now() - began;
  attempt.deadline.resume(leftMs);
  return may ? null : { health: 'unknown', reason: 'limited', status: null };
};

/** Asks again, at once, where nothing can come of asking twice: a connection that was kept open may have been closed. */
const send = async (hop: Hop, attempt: Attempt): Promise<Response | Judgement> => {
  const repeatable = hop.method === 'GET' || hop.method === 'HEAD' ? hop.method : null;
  const { localRuntime } = attempt.request;
  const first = await ask(hop, attempt);
  if (!('error' in first)) return first;
  const mayPass = isConnectionLost(first.error) || (!localRuntime && isInternalError(first.error));
  const isRetried = repeatable !== null && !attempt.signal.aborted && mayPass;
  if (isRetried) {
    attempt.startedAt = Date.now();
    attempt.isRetried = true;
  }
  const last = isRetried ? await ask(hop, attempt) : first;
  if (!('error' in last)) return last;
  if (attempt.signal.aborted) return down('timeout');
  return thrownFailure(last.error, { url: hop.url, repeatable, signal: attempt.signal, localRuntime });
};

const ask = async (hop: Hop, attempt: Attempt): Promise<Response | Judgement | { error: unknown }> => {
  const { url, method, headers, body } = attempt.cookies.addTo(hop);
  const asked = { method, headers, body, redirect: 'manual', cache: 'no-store' } as const;
  try {
    return await fetch(url, { ...asked, signal: attempt.signal });
  } catch (error) {
    return canBeBuilt(url, asked) ? { error } : unsupported;
  } finally {
    stopClock(attempt);
  }
};

/** Only found out where something failed: to build each request first costs a twentieth of a check. */
const canBeBuilt = (url: string, asked: RequestInit) => {
  try {
    return new Request(url, asked) instanceof Request;
  } catch {
    return false; // The runtime refuses to build such a request at all.
  }
};

/** The failure, with the beginning of what was answered where that is news; lets go of the rest. */
const fail = async (
  judgement: Judgement,
  response: Response,
  { request: { keepAnswer }, signal, cookies, isRetried }: Attempt,
  keeper?: HeadKeeper,
): Promise<Judgement> => {
  if (!keepAnswer || judgement.health !== 'down') {
    discard(response);
    return judgement;
  }
  const evidence = await captureAnswer(response, signal, keeper?.head);
  return { ...judgement, evidence: { ...evidence, secrets: cookies.values, ...(isRetried && { retried: true }) } };
};

const judge = async (response: Response, hop: Hop, attempt: Attempt): Promise<Judgement> => {
  const { status } = response;
  const { target, keepAnswer, identity } = attempt.request;
  if (isOwn(response, identity?.[originHeader])) return fail(down('blocked', status), response, attempt);
  const expected = statusExpected(rangesOf(target.expectedStatus), status);
  const head = await lookInto(response, expected, attempt.signal);
  const seen = () => (head && keepAnswer ? keeperOf(head) : undefined);
  // An expected error passes, also from a protection.
  if (!(expected && status >= 400) && (refusedByHeaders(response) || (head && refusedByBody(response, head.text))))
    return fail(challenged(target, status), response, attempt, seen());
  const synthetic = syntheticAnswer(response, expected, head?.text ?? '');
  if (synthetic) {
    discard(response); // Nothing in it is the target's.
    return fail(synthetic, response, attempt);
  }
  if (!expected) return fail(down('status', status), response, attempt, seen());
  if (!target.bodyContains && !target.bodyNotContains) {
    discard(response);
    return { health: 'up', reason: 'ok', status };
  }
  const keeper = keepAnswer ? new HeadKeeper(answerBodyBytes) : undefined;
  const judgement = await judgeBody(response, hop, attempt, keeper);
  return judgement.health === 'up' ? judgement : fail(judgement, response, attempt, keeper);
};

/** Pharos itself refused the request, whatever statuses the monitor expects. Others cannot know what they are asked by. */
const isOwn = ({ status, headers }: Response, marker: string | undefined) =>
  status === ownAnswerStatus && marker !== undefined && headers.get(originHeader) === marker;

/** The target's protection answered in its stead: nobody knows how it stands, unless its owner chose that this is down. */
const challenged = ({ challengeCountsAsDown }: HttpTarget, status: number): Judgement =>
  challengeCountsAsDown ? down('challenged', status) : { health: 'unknown', reason: 'challenged', status };

/** How much of the body is looked into for who wrote it, and for how long beyond the headers. */
const lookedInto = { bytes: 4096, withinMs: 500 };

/** The beginning of a body that may be none of the target's; null where that need not be asked. */
const lookInto = async (response: Response, expected: boolean, signal: AbortSignal): Promise<BodyHead | null> => {
  const mustRead = needsText(response.status, expected) || (!expected && mayBeRefusal(response));
  if (!mustRead && !(expected && mayBeRefusalPage(response))) return null;
  const within = abortInSteps(lookedInto.withinMs, signal);
  // An assertion may still have to read an expected page.
  return readHead(mustRead ? response : response.clone(), lookedInto.bytes, within);
};

const keeperOf = ({ text, cut }: BodyHead): HeadKeeper => {
  const keeper = new HeadKeeper(answerBodyBytes);
  keeper.take(text);
  if (cut) keeper.end();
  return keeper;
};

/** What could not be read to its end proves nothing: the assertion fails, with the reason why. */
const judgeBody = async (
  response: Response,
  hop: Hop,
  attempt: Attempt,
  keeper: HeadKeeper | undefined,
): Promise<Judgement> => {
  const { status } = response;
  const { signal } = attempt;
  const { bodyContains, bodyNotContains } = attempt.request.target;
  try {
    const found = await matchBody(response, bodyContains, bodyNotContains, signal, keeper);
    stopClock(attempt);
    const isEmpty = found === 'ended_early' && (await isPackedNothing(hop, attempt));
    if (found === 'matches' || (isEmpty && !bodyContains)) return { health: 'up', reason: 'ok', status };
    if (found === 'differs' || isEmpty) return down('body', status);
    return down(found === 'too_large' ? found : 'undecodable', status);
  } catch (error) {
    stopClock(attempt);
    keeper?.end();
    return signal.aborted ? down('timeout', status) : bodyFailure(error, status);
  }
};

/** The runtime cannot say whether a body was empty or broke off at once, so what may be asked twice is asked for it packed. */
const isPackedNothing = async (hop: Hop, { cookies, signal }: Attempt): Promise<boolean> => {
  if (hop.method !== 'GET') return false;
  const { url, method, headers } = cookies.addTo(hop);
  const asked = {
    method,
    headers,
    signal,
    redirect: 'manual',
    cache: 'no-store',
    encodeResponseBody: 'manual',
  } as const;
  const reader = (await fetch(url, asked)).body?.getReader();
  const first = await reader?.read();
  reader?.cancel().catch(() => undefined);
  return first?.done !== false;
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
