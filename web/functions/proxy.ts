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
    console.error(JSON.stringify({ unit: 'proxy', error: String(error) }));
    return unavailable();
  }
};

const unavailable = () =>
  Response.json(
    {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'unavailable',
      detail: 'Pharos cannot be reached right now. Please try again in a moment.',
    },
    {
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '5' },
    },
  );
