import { readBody, unreadBody } from '../../worker/http/readBody.ts';

interface Bindings {
  /** The worker (wrangler.toml of the repository's root). */
  API: Fetcher;
}

/**
 * Hands the request to the worker as it is, an upgrade to a WebSocket included, so that cookies, Origin and the
 * visitor's address arrive; answers 503 where the worker cannot be reached. A body is read here, because while a part of
 * it is on its way, an answer of the worker would be kept back.
 */
export const passToWorker: PagesFunction<Bindings> = async ({ request, env }) => {
  try {
    const body = await readBody(request);
    if (typeof body === 'string') return problem(body === 'too large' ? tooLarge : tooSlow);
    const answer = await env.API.fetch(body ? new Request(request, { body }) : request);
    return isAnswered(answer) ? answer : unavailable(await answer.text());
  } catch (error) {
    return unavailable(String(error));
  }
};

/** `wrangler dev` does not throw while the worker is stopped: it answers in its place, in plain text. */
const isAnswered = ({ status, headers }: Response) =>
  status !== 503 || !headers.get('content-type')?.startsWith('text/plain');

const unavailable = (error: string) => {
  const requestId = crypto.randomUUID();
  console.error(JSON.stringify({ unit: 'proxy', correlationId: requestId, error }));
  return problem({ ...notAvailable, requestId }, { 'retry-after': '5' });
};

const notAvailable = {
  title: 'Temporarily unavailable',
  status: 503,
  detail: 'Pharos cannot be reached. Try again in a moment.',
  code: 'unavailable',
};

const tooLarge = {
  title: 'Request body too large',
  status: 413,
  detail: unreadBody['too large'],
  code: 'body_too_large',
};

const tooSlow = {
  title: 'Request body too slow',
  status: 408,
  detail: unreadBody['too slow'],
  code: 'body_too_slow',
};

/** The same envelope as the worker's own problem documents (worker/api/http/problem.ts). */
const problem = (
  { requestId = crypto.randomUUID(), ...about }: typeof tooLarge & { requestId?: string },
  more: Record<string, string> = {},
) =>
  new Response(JSON.stringify({ type: `urn:pharos:problem:${about.code}`, ...about, errors: [], requestId }), {
    status: about.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...more },
  });
