interface Bindings {
  /** The worker (wrangler.toml of the repository's root). */
  API: Fetcher;
}

/**
 * Hands the request to the worker as it is, an upgrade to a WebSocket included, so that cookies, Origin and the
 * visitor's address arrive; answers 503 where the worker cannot be reached.
 */
export const passToWorker: PagesFunction<Bindings> = async ({ request, env }) => {
  try {
    const answer = await env.API.fetch(request);
    return isAnswered(answer) ? answer : unavailable(await answer.text());
  } catch (error) {
    return unavailable(String(error));
  }
};

/** `wrangler dev` does not throw where the worker has gone: it answers in its place, in plain text. */
const isAnswered = ({ status, headers }: Response) =>
  status !== 503 || !headers.get('content-type')?.startsWith('text/plain');

/** The same envelope as the worker's own problem documents (worker/api/problem.ts). */
const unavailable = (error: string) => {
  const requestId = crypto.randomUUID();
  console.error(JSON.stringify({ unit: 'proxy', correlationId: requestId, error }));
  const problem = {
    type: 'urn:pharos:problem:unavailable',
    title: 'Not available right now',
    status: 503,
    detail: 'Pharos cannot be reached right now. Please try again in a moment.',
    code: 'unavailable',
    errors: [],
    requestId,
  };
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '5' };
  return new Response(JSON.stringify(problem), { status: 503, headers });
};
