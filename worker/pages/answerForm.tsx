import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ApiEnv } from '../api/http/context.ts';
import { logFailure } from '../log.ts';
import { contentSecurityPolicy, Layout } from './layout.tsx';

type Status = 200 | 403 | 404 | 410 | 503;

/** A page behind a link in a message, whose form may be sent to this origin only. */
export const answerForm = async (c: Context<ApiEnv>, status: Status, title: string, children: Child) =>
  c.html(
    html`<!doctype html>${(
      <Layout title={title}>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </Layout>
    )}`,
    status,
    {
      'content-security-policy': await contentSecurityPolicy("'self'"),
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    },
  );

/** For failures of Pharos itself. */
export const answerUnavailable = (error: unknown, c: Context<ApiEnv>) => {
  logFailure('request', c.var.requestId, error);
  return answerForm(c, 503, 'Temporarily unavailable', <p>Please try again in a moment.</p>);
};
