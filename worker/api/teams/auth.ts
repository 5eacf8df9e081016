import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { visitorFrom } from '../../auth/actor.ts';
import {
  clearSessionCookies,
  deviceCookie,
  refreshCookie,
  setDeviceCookie,
  setSessionCookies,
} from '../../auth/cookies.ts';
import { addressKey } from '../../auth/limits.ts';
import { refreshSession } from '../../commands/teams/refreshSession.ts';
import type { SignedIn } from '../../commands/teams/signedIn.ts';
import { signIn } from '../../commands/teams/signIn.ts';
import { signOut } from '../../commands/teams/signOut.ts';
import { signUp } from '../../commands/teams/signUp.ts';
import { accountView, signUpOfferView } from '../../contract/accounts.ts';
import { hasUsers } from '../../db/teams/accounts.ts';
import { signUpOffer } from '../../domain/teams/signUpRule.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitVisits, refuseProbes } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';
import { bodyFor, validQuery } from '../http/validate.ts';

const signOutQuery = z.object({
  everywhere: z.enum(['true', 'false'], 'The value must be true or false.').default('false'),
});

export const auth = new Hono<ApiEnv>()
  // Read before the form is shown; it may be a minute old, because signing up checks the rule itself.
  .get('/signup', limitVisits, async (c) => {
    const { config, db } = c.var.services;
    const offer = signUpOffer(config.signUp, config.signUp.kind === 'first' && (await hasUsers(db)));
    c.header('cache-control', 'public, max-age=60');
    return reply(c, signUpOfferView, { signUp: offer });
  })
  .post('/signup', refuseProbes, bodyFor(signUp), async (c) =>
    reply(c, accountView, keepCookies(c, await signUp(asVisitor(c), c.req.valid('json'))), 201),
  )
  .post('/signin', refuseProbes, bodyFor(signIn), async (c) =>
    reply(c, accountView, keepCookies(c, await signIn(asVisitor(c), c.req.valid('json')))),
  )
  .post('/refresh', async (c) => {
    const tokens = await refreshSession(asVisitor(c), { refreshToken: refreshCookie(c) }).catch(dropCookies(c));
    setSessionCookies(c, tokens);
    return c.body(null, 204);
  })
  .post('/signout', validQuery(signOutQuery), async (c) => {
    const everywhere = c.req.valid('query').everywhere === 'true';
    await signOut(asVisitor(c), { refreshToken: refreshCookie(c), everywhere }).catch(dropCookies(c));
    clearSessionCookies(c);
    return c.body(null, 204);
  });

const asVisitor = (c: Context<ApiEnv>) => {
  const network = addressKey(c.req.header('cf-connecting-ip'));
  const origin = { network, userAgent: c.req.header('user-agent'), device: deviceCookie(c) };
  return { services: c.var.services, requestId: c.var.requestId, actor: visitorFrom(origin) };
};

const keepCookies = (c: Context<ApiEnv>, { account, tokens, deviceToken }: SignedIn) => {
  setSessionCookies(c, tokens);
  setDeviceCookie(c, deviceToken);
  return account;
};

/** The cookies of an ended session are useless. */
const dropCookies = (c: Context<ApiEnv>) => (error: unknown) => {
  if (error instanceof PharosError && ['session_ended', 'unauthenticated'].includes(error.code)) clearSessionCookies(c);
  throw error;
};
