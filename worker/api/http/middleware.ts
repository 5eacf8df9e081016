import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import { originHeader } from '../../alerts/outbox/address.ts';
import { accessCookie } from '../../auth/cookies.ts';
import { addressKey, limitAttempts } from '../../auth/limits.ts';
import { authenticate } from '../../auth/sessions.ts';
import { requireAllowance, tryAllowance } from '../../db/teams/limits.ts';
import { PharosError } from '../../errors.ts';
import { readBody, unreadBody } from '../../http/readBody.ts';
import { newId } from '../../ids.ts';
import { log } from '../../log.ts';
import { servicesOf } from '../../services.ts';
import type { ApiEnv } from './context.ts';

/**
 * Sets the request id and writes the log line: with the route's pattern, because a raw path can contain data that must not be
 * logged.
 */
export const trace = createMiddleware<ApiEnv>(async (c, next) => {
  const startedAt = Date.now();
  c.set('requestId', newId('req'));
  await next();
  c.res.headers.set('x-request-id', c.var.requestId);
  log('request', c.var.requestId, {
    method: c.req.method,
    route: matchedRoutes(c).at(-1)?.path,
    status: c.res.status,
    durationMs: Date.now() - startedAt,
    teamId: c.var.actor?.teamId,
  });
});

/** The headers of a response from a Durable Object or a fetch are immutable; those of a copy are not. */
export const openHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  const answer = c.res;
  c.res = undefined;
  c.res = new Response(answer.body, answer);
});

/** For tests: no JSON leaves without a schema (`reply`). */
export const requireSchema = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  const isJson = c.res.headers.get('content-type')?.startsWith('application/json');
  if (!isJson || !c.var.services.config.strictResponses) return;
  if (!c.var.responseSchema) throw new Error(`${c.req.method} ${c.req.path} responds without a schema`);
});

export const provideServices = createMiddleware<ApiEnv>(async (c, next) => {
  c.set('services', servicesOf(c.env));
  c.set('waitUntil', (work) => c.executionCtx.waitUntil(work));
  await next();
});

/** The strictest policy; a page that needs more sets its own, which is kept. */
export const secure = secureHeaders({
  overwrite: false,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  referrerPolicy: 'no-referrer',
  // Without includeSubDomains: on a custom apex domain it would force HTTPS on hosts that are not ours, for a year.
  strictTransportSecurity: 'max-age=31536000',
  xFrameOptions: 'DENY',
});

/**
 * Detects a request of Pharos that came back to it: by another name of this installation, which the rules about addresses could
 * not know. The response carries the marker, so that the probe recognises it.
 */
export const refuseOwnAlerts = createMiddleware<ApiEnv>(async (c, next) => {
  const { publicOrigin } = c.var.services.config;
  if (c.req.header(originHeader) === publicOrigin) {
    c.header(originHeader, publicOrigin);
    throw new PharosError('loop_detected', 'This is the address of Pharos itself. Monitors and alerts cannot use it.');
  }
  await next();
});

/**
 * Prevents sign-ins by a check or an alert: Cloudflare names the Worker behind a request in `cf-worker`, which no monitor can
 * change, and Pharos identifies itself in `user-agent`. Throws `forbidden`.
 */
export const refuseProbes = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.req.header('cf-worker') !== undefined || /^Pharos\b/i.test(c.req.header('user-agent') ?? ''))
    throw new PharosError('forbidden', 'Accounts are for people: Workers and checks of Pharos cannot sign in.');
  await next();
});

export const noStore = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
});

const shareWithOrigin = cors({
  origin: (origin) => origin,
  credentials: true,
  allowHeaders: ['content-type'],
  exposeHeaders: ['x-request-id', 'retry-after'],
  maxAge: 600,
});

/** Allows scripts of other origins only where the configuration names them. */
export const shareWithAllowedOrigins = createMiddleware<ApiEnv>(async (c, next) =>
  c.var.services.config.allowedOrigins.includes(c.req.header('origin') ?? '') ? shareWithOrigin(c, next) : next(),
);

/**
 * Refuses a body over 64 KiB, whatever its headers declare, and one that takes longer than 15 s. Reads on for a limited time
 * after that, so that the client sees the response (hono/body-limit resets the connection instead).
 */
export const limitBody = createMiddleware<ApiEnv>(async (c, next) => {
  const body = await readBody(c.req.raw);
  if (body === 'too large') throw new PharosError('body_too_large', unreadBody[body]);
  if (body === 'too slow') throw new PharosError('body_too_slow', unreadBody[body]);
  if (body) c.req.raw = new Request(c.req.raw, { body });
  await next();
});

const reads = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses requests that another site makes a signed-in browser send: writes, and WebSockets, which no CORS guards. Browsers put
 * `Origin` on all of these, so a request without one either comes from no browser, and then no cookies are abused, or names its
 * site in `Sec-Fetch-Site`. `SameSite=Strict` on the cookies is the second protection. The dashboard's origin is in the
 * configuration because a proxy may show the Worker another host than the browser does.
 */
export const requireKnownOrigin = createMiddleware<ApiEnv>(async (c, next) => {
  if (reads.includes(c.req.method) && c.req.header('upgrade') === undefined) return next();
  const { publicOrigin, allowedOrigins } = c.var.services.config;
  const origin = c.req.header('origin');
  const known = origin
    ? [publicOrigin, new URL(c.req.url).origin, ...allowedOrigins].includes(origin)
    : ['same-origin', 'none', undefined].includes(c.req.header('sec-fetch-site'));
  if (!known) throw new PharosError('origin_not_allowed', 'This request came from a page that is not part of Pharos.');
  await next();
});

/** Counts all requests of an address, of all accounts together. Throws `rate_limited`. */
export const limitAddress = createMiddleware<ApiEnv>(async (c, next) => {
  await limitAttempts(c.var.services.addressLimit, [addressKey(c.req.header('cf-connecting-ip'))]);
  await next();
});

/** Sets `c.var.actor`, and counts reads per user. Throws `unauthenticated`, `rate_limited`. */
export const requireSession = createMiddleware<ApiEnv>(async (c, next) => {
  const actor = await authenticate(c.var.services, accessCookie(c));
  if (reads.includes(c.req.method)) await limitAttempts(c.var.services.readLimit, [actor.userId]);
  c.set('actor', actor);
  await next();
});

/** Counts requests per address, for public responses that cost queries. Throws `rate_limited`. */
export const limitVisits = createMiddleware<ApiEnv>(async (c, next) => {
  await limitAttempts(c.var.services.apiLimit, [`visit:${addressKey(c.req.header('cf-connecting-ip'))}`]);
  await next();
});

/** Ending sessions stores nothing, and must be possible at any time. */
const freePaths = /^\/api\/v1\/me\/sessions(?:\/|$)/;

/** Counts writes per user, and a team's changes per day; goes behind `requireSession`. Throws `rate_limited`, `limit_reached`. */
export const limitWrites = createMiddleware<ApiEnv>(async (c, next) => {
  if (reads.includes(c.req.method)) return next();
  const { services, actor } = c.var;
  await limitAttempts(services.apiLimit, [actor.userId]);
  if (freePaths.test(c.req.path)) return next();
  await requireAllowance(services, actor.teamId, 'changesPerDay');
  await next();
  if (c.res.ok) await tryAllowance(services, actor.teamId, 'changesPerDay');
});
