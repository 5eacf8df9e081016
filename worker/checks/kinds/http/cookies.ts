import type { CookieJar } from 'tough-cookie';
import type { Hop } from './hop.ts';

/** What targets may make one check remember. */
const maxCookies = 50;
const maxCookieLength = 4096;

/**
 * The cookies of one check: set on the way through its redirects, sent where host, path and scheme ask for them, and
 * forgotten with it. https://www.rfc-editor.org/rfc/rfc6265#section-5
 */
export class Cookies {
  #jar: CookieJar | null = null;
  #left = maxCookies;
  readonly #values: string[] = [];

  /** Takes what an answer sets. The rules, and the list of suffixes that no cookie may span, are loaded on demand. */
  async take(url: string, response: Response) {
    const set = response.headers.getSetCookie().filter((line) => line.length <= maxCookieLength);
    for (const line of set.slice(0, this.#left)) {
      this.#left--;
      this.#jar ??= new (await import('tough-cookie')).CookieJar();
      const cookie = this.#jar.setCookieSync(line, url, { ignoreError: true });
      if (cookie) this.#values.push(cookie.value);
    }
  }

  /** Of the same name, one that was set on the way counts rather than the monitor's own. */
  addTo(hop: Hop): Hop {
    const found = this.#cookiesFor(hop.url);
    if (found.length === 0) return hop;
    const names = found.map(({ key }) => key);
    const own = (hop.headers.cookie ?? '')
      .split(/; */)
      .filter((pair) => pair !== '' && !names.includes(pair.split('=')[0]?.trim() ?? ''));
    const cookie = [...own, ...found.map((one) => one.cookieString())].join('; ');
    return { ...hop, headers: { ...hop.headers, cookie } };
  }

  /** Of a host that is no name the library throws rather than finding nothing. */
  #cookiesFor(url: string) {
    try {
      return this.#jar?.getCookiesSync(url) ?? [];
    } catch {
      return [];
    }
  }

  /** What was set: a target that shows it must not show it in the evidence. */
  get values(): readonly string[] {
    return this.#values;
  }
}
