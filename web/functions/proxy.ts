import { maxBytes, withBoundedBody } from './boundedBody.ts';

interface Bindings {
  /** The worker (wrangler.toml of the repository's root). */
  API: Fetcher;
}

/**
 * Hands the request to the worker as it is, an upgrade to a WebSocket included, so that cookies, Origin and the
 * visitor's address arrive; answers 503 where the worker cannot be reached.
 */
export const passToWorker: PagesFunction<Bindings> = async ({ request, env, waitUntil }) => {
  // Its body is left alone: then the client sees the answer before it has sent everything.
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return problem(tooLarge);
  try {
    const answer = await env.API.fetch(withBoundedBody(request, waitUntil));
    return isAnswered(answer) ? answer : unavailable(await answer.text());
  } catch (error) {
    return unavailable(String(error));
  }
};

/** `wrangler dev` does not throw where the worker has gone: it answers in its place, in plain text. */
const isAnswered = ({ status, headers }: Response) =>
  status !== 503 || !headers.get('content-type')?.startsWith('text/plain');

const unavailable = (error: string) => {
  const requestId = crypto.randomUUID();
  console.error(JSON.stringify({ unit: 'proxy', correlationId: requestId, error }));
  return problem({ ...notAvailable, requestId }, { 'retry-after': '5' });
};

const notAvailable = {
  title: 'Not available right now',
  status: 503,
  detail: 'Pharos cannot be reached right now. Please try again in a moment.',
  code: 'unavailable',
};

const tooLarge = {
  title: 'The body is too large',
  status: 413,
  detail: 'A request carries at most 64 KiB. Shorten what you wrote.',
  code: 'body_too_large',
};

/** The same envelope as the worker's own problem documents (worker/api/problem.ts). */
const problem = (
  { requestId = crypto.randomUUID(), ...about }: typeof tooLarge & { requestId?: string },
  more: Record<string, string> = {},
) =>
  new Response(JSON.stringify({ type: `urn:pharos:problem:${about.code}`, ...about, errors: [], requestId }), {
    status: about.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...more },
  });
