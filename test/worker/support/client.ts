import { exports } from 'cloudflare:workers';
import type { AccountView } from '../../../worker/contract/views.ts';
import '../../../worker/index.ts'; // before the first test, whose time the first request would take otherwise

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import('../../../worker/index.ts');
    }
  }
}

export const origin = 'http://localhost:8788';

export interface SendOptions {
  headers?: Record<string, string>;
  /** Sent as it is; a value given to `post` and its like is sent as JSON. */
  rawBody?: BodyInit;
}

/**
 * A browser's manners without the browser: keeps cookies by name and path, sends `Origin`, and comes from an address of
 * its own, so that tests do not share a rate limit.
 */
export const createClient = (
  address = randomAddress(),
  ask: (request: Request) => Promise<Response> = (request) => exports.default.fetch(request),
) => {
  const jar = new Map<string, { value: string; path: string }>();

  const send = async (method: string, path: string, body?: unknown, options: SendOptions = {}) => {
    const headers = new Headers({ origin, 'cf-connecting-ip': address });
    if (body !== undefined) headers.set('content-type', 'application/json');
    const cookies = [...jar]
      .filter(([, cookie]) => isUnder(path, cookie.path))
      .map(([name, { value }]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    for (const [name, value] of Object.entries(options.headers ?? {}))
      value === '' ? headers.delete(name) : headers.set(name, value);
    const response = await ask(
      new Request(origin + path, {
        method,
        headers,
        body: options.rawBody ?? (body === undefined ? null : JSON.stringify(body)),
      }),
    );
    for (const line of response.headers.getSetCookie()) keep(line);
    return response;
  };

  const keep = (line: string) => {
    const [, name = '', value = ''] = line.match(/^([^=]+)=([^;]*)/) ?? [];
    const path = line.match(/; Path=([^;]+)/i)?.[1] ?? '/';
    if (/; Max-Age=0(;|$)/i.test(line)) jar.delete(name);
    else jar.set(name, { value, path });
  };

  return {
    jar,
    get: (path: string, options?: SendOptions) => send('GET', path, undefined, options),
    post: (path: string, body?: unknown, options?: SendOptions) => send('POST', path, body, options),
    put: (path: string, body?: unknown, options?: SendOptions) => send('PUT', path, body, options),
    patch: (path: string, body?: unknown, options?: SendOptions) => send('PATCH', path, body, options),
    delete: (path: string, options?: SendOptions) => send('DELETE', path, undefined, options),
  };
};

export type Client = ReturnType<typeof createClient>;

export const password = 'correct horse battery';
export const newEmail = () => `${crypto.randomUUID()}@example.com`;

/** A client that has just signed up, with the user and the team that the answer named. */
export const signUp = async (email = newEmail()): Promise<Client & AccountView> => {
  const client = createClient();
  const response = await client.post('/api/v1/auth/signup', { email, password });
  if (response.status !== 201) throw new Error(`Sign-up failed: ${response.status} ${await response.text()}`);
  return { ...client, ...((await response.json()) as AccountView) };
};

/** The body of a response, for tests that check more than its status. */
export const bodyOf = async <T = Record<string, unknown>>(response: Response) => (await response.json()) as T;

const isUnder = (path: string, cookiePath: string) => {
  const [pathname = ''] = path.split('?');
  return cookiePath === '/' || pathname === cookiePath || pathname.startsWith(`${cookiePath}/`);
};

const randomAddress = () => `10.${[...crypto.getRandomValues(new Uint8Array(3))].join('.')}`;
