/** One request of a chain of redirects. */
export interface Hop {
  url: string;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | null;
}

/** https://fetch.spec.whatwg.org/#redirect-status */
export const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

/** What another origin may see. Any other header may carry a secret, whatever its name. */
export const publicHeaders = ['accept', 'accept-language', 'content-type', 'user-agent'];

const bodyHeaders = ['content-encoding', 'content-language', 'content-location', 'content-type'];

/** The request that this redirect asks for, or null where it leads nowhere. https://fetch.spec.whatwg.org/#http-redirect-fetch */
export const nextHop = (hop: Hop, response: Response): Hop | null => {
  const location = response.headers.get('location');
  if (!location || !URL.canParse(location, hop.url)) return null;
  const url = new URL(location, hop.url);
  const becomesGet =
    response.status === 303
      ? hop.method !== 'GET' && hop.method !== 'HEAD'
      : hop.method === 'POST' && (response.status === 301 || response.status === 302);
  const crossesOrigin = url.origin !== new URL(hop.url).origin;
  const kept = Object.entries(hop.headers).filter(
    ([name]) => !(becomesGet && bodyHeaders.includes(name)) && !(crossesOrigin && !publicHeaders.includes(name)),
  );
  const headers = Object.fromEntries(kept);
  return becomesGet
    ? { url: url.href, method: 'GET', headers, body: null }
    : { url: url.href, method: hop.method, headers, body: hop.body };
};
