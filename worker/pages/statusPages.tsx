import { WorkerEntrypoint } from 'cloudflare:workers';
import { html } from 'hono/html';
import { entityTag } from '../api/http/entityTag.ts';
import { readPublicPage } from '../db/statusPages/publicPage.ts';
import { type Services, servicesOf } from '../services.ts';
import { createPageCache, lastKnownMs, type RenderedPage } from './pageCache.ts';
import { StatusPage } from './statusPage.tsx';

export const render = async (services: Services, slug: string): Promise<RenderedPage | null> => {
  const page = await readPublicPage(services, slug);
  if (!page) return null;
  const text = String(await html`<!doctype html>${<StatusPage page={page} />}`);
  return { html: text, etag: await entityTag(text), readAt: page.at };
};

const readPage = createPageCache(render);

/** When the page was read from the database, ms; between this entrypoint and the public one. */
export const readAtHeader = 'x-read-at';

/** Maximum age in the cache without a newer page. Seconds, for a page that is fresh for `fresh`. */
export const oldAfterSeconds = (fresh: number) => 3 * fresh + 5;

/**
 * The entrypoint behind the platform's cache (`[cache]` in wrangler.toml): it gets only paths `/<slug>`, without any other data
 * of a visitor, so that no visitor can create a second entry of a page.
 */
export class StatusPages extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const services = servicesOf(this.env);
    const slug = new URL(request.url).pathname.slice(1);
    const fresh = services.config.statusPageSeconds;
    try {
      const page = await readPage(services, slug, (work) => this.ctx.waitUntil(work));
      // Cached as well: it replaces a page that was deleted.
      if (!page) return new Response(null, { status: 404, headers: { 'cache-control': forCache(fresh, 0, 0) } });
      const age = Math.floor((services.now() - page.readAt) / 1000);
      const left = age < fresh ? fresh - age : Math.min(fresh, 5);
      return new Response(page.html, {
        headers: {
          'content-type': 'text/html; charset=UTF-8',
          'cache-control': forCache(left, 2 * fresh, lastKnownMs / 1000),
          etag: page.etag,
          [readAtHeader]: String(page.readAt),
        },
      });
    } catch {
      return new Response(null, { status: 503, headers: { 'cache-control': 'no-store' } });
    }
  }
}

const forCache = (maxAge: number, whileRevalidate: number, ifError: number) =>
  maxAge === 0
    ? 'no-store'
    : `public, max-age=${maxAge}, stale-while-revalidate=${whileRevalidate}, stale-if-error=${ifError}`;
