import { originHeader, publicHeaders } from '../../../domain/checks/requestHeaders.ts';
import { redirectStatuses } from '../../../domain/checks/statusCodes.ts';
import type { HttpTarget } from '../probe.ts';

/** One request of a chain of redirects. */
export interface Hop {
  url: string;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | null;
}

export const userAgent = 'Pharos/1.0 (+uptime monitor)';

const defaultHeaders = { 'user-agent': userAgent, accept: '*/*' };

export const firstHop = ({ url, method, headers, body }: HttpTarget, identity: Record<string, string> = {}): Hop => {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const sent = method === 'GET' || method === 'HEAD' ? null : body;
  return {
    url,
    method,
    headers: { ...defaultHeaders, ...identity, ...(sent && isJson(sent) && jsonType), ...own, ...markerOf(identity) },
    body: sent,
  };
};

/** Nobody's own header may take its place. */
const markerOf = ({ [originHeader]: marker }: Record<string, string>): Record<string, string> =>
  marker ? { [originHeader]: marker } : {};

const jsonType = { 'content-type': 'application/json' };

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Without a place to go it is an answer like any other. */
export const isRedirect = ({ status, headers }: Response) =>
  redirectStatuses.includes(status) && headers.has('location');

/** A proxy may add a header that is there already; the two arrive as one. */
const once = (value: string): string => {
  const first = value.slice(0, Math.floor((value.length - 2) / 2));
  return first !== '' && value === `${first}, ${first}` ? first : value;
};

const bodyHeaders = ['content-encoding', 'content-language', 'content-location', 'content-type'];

/**
 * The request that this redirect asks for; `redirect` where it leads to no address, `blocked` where it asks to hand the
 * body to another origin: every body is stored as a secret. https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export const nextHop = (hop: Hop, response: Response): Hop | 'redirect' | 'blocked' => {
  const location = once(response.headers.get('location') ?? '');
  if (location === '' || !URL.canParse(location, hop.url)) return 'redirect';
  const url = new URL(location, hop.url);
  const becomesGet =
    response.status === 303
      ? hop.method !== 'GET' && hop.method !== 'HEAD'
      : hop.method === 'POST' && (response.status === 301 || response.status === 302);
  const crossesOrigin = url.origin !== new URL(hop.url).origin;
  if (crossesOrigin && !becomesGet && hop.body) return 'blocked';
  const kept = Object.entries(hop.headers).filter(
    ([name]) => !(becomesGet && bodyHeaders.includes(name)) && !(crossesOrigin && !publicHeaders.includes(name)),
  );
  const headers = Object.fromEntries(kept);
  return becomesGet
    ? { url: url.href, method: 'GET', headers, body: null }
    : { url: url.href, method: hop.method, headers, body: hop.body };
};
