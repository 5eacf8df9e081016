import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { ApiEnv } from '../api/context.ts';
import { readPublicPage } from '../db/publicPage.ts';
import { logFailure } from '../log.ts';
import { contentSecurityPolicy } from './layout.tsx';
import { BrokenStatusPage, NoStatusPage, StatusPage } from './statusPage.tsx';

type Document = ReturnType<typeof StatusPage>;

const answer = async (c: Context<ApiEnv>, status: 200 | 404 | 503, cacheControl: string, document: Document) =>
  c.html(html`<!doctype html>${document}`, status, {
    'content-security-policy': await contentSecurityPolicy(),
    'cache-control': cacheControl,
  });

const notFound = (c: Context<ApiEnv>) => answer(c, 404, 'no-store', <NoStatusPage />);

/** The public status pages, rendered on the server: `/status/<slug>`. */
export const pages = new Hono<ApiEnv>()
  .onError((error, c) => {
    logFailure('request', c.var.requestId, error);
    return answer(c, 503, 'no-store', <BrokenStatusPage />);
  })
  .get('/:slug', async (c) => {
    const page = await readPublicPage(c.var.services, c.req.param('slug'));
    return page
      ? answer(c, 200, 'public, max-age=15, stale-while-revalidate=60', <StatusPage page={page} />)
      : notFound(c);
  })
  .get('*', notFound);
