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
    return await env.API.fetch(request);
  } catch (error) {
    const requestId = crypto.randomUUID();
    console.error(JSON.stringify({ unit: 'proxy', correlationId: requestId, error: String(error) }));
    return unavailable(requestId);
  }
};

/** The same envelope as the worker's own problem documents (worker/api/problem.ts). */
const unavailable = (requestId: string) => {
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
