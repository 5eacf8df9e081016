import { exports } from 'cloudflare:workers';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { ApiEnv } from '../api/http/context.ts';
import { isKnown } from '../api/http/entityTag.ts';
import { isSlug } from '../domain/statusPages/statusPage.ts';
import { logFailure } from '../log.ts';
import { contentSecurityPolicy } from './layout.tsx';
import { BrokenStatusPage, NoStatusPage, StaleNotice, type StatusPage } from './statusPage.tsx';
import { oldAfterSeconds, readAtHeader } from './statusPages.tsx';

type Document = ReturnType<typeof StatusPage>;

const answer = async (c: Context<ApiEnv>, status: 404 | 503, document: Document) =>
  c.html(html`<!doctype html>${document}`, status, {
    'content-security-policy': await contentSecurityPolicy(),
    'cache-control': 'no-store',
  });

const notFound = (c: Context<ApiEnv>) => answer(c, 404, <NoStatusPage />);

/** The public status pages, rendered on the server: `/status/<slug>`. */
export const pages = new Hono<ApiEnv>()
  .onError((error, c) => {
    logFailure('request', c.var.requestId, error);
    return answer(c, 503, <BrokenStatusPage />);
  })
  .get('/:slug', async (c) => {
    const slug = c.req.param('slug');
    if (!isSlug(slug)) return notFound(c);
    const page = await exports.StatusPages.fetch(`https://status-pages/${slug}`);
    if (page.status === 404) return notFound(c);
    if (!page.ok) throw new Error(`The page could not be read: ${page.status}`);
    return show(c, page);
  })
  .get('*', notFound);

/** Visitors' caches revalidate each time: a single cache decides how fresh a page is. */
const show = async (c: Context<ApiEnv>, page: Response) => {
  const { config, now } = c.var.services;
  const readAt = Number(page.headers.get(readAtHeader));
  const isOld = now() - readAt > oldAfterSeconds(config.statusPageSeconds) * 1000;
  const tag = page.headers.get('etag') ?? '';
  const etag = isOld ? tag.replace(/"$/, '-old"') : tag;
  const headers = {
    'content-security-policy': await contentSecurityPolicy(),
    'content-type': 'text/html; charset=UTF-8',
    'cache-control': 'public, no-cache',
    etag,
  };
  if (isKnown(c, etag)) {
    await page.body?.cancel();
    return c.body(null, 304, headers);
  }
  if (!isOld) return new Response(page.body, { headers });
  const notice = String(<StaleNotice readAt={readAt} />);
  return c.body(
    (await page.text()).replace('<main>', () => `<main>${notice}`),
    200,
    headers,
  );
};
