import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { signIn, signUp } from '../../auth/accounts.ts';
import {
  clearSessionCookies,
  deviceCookie,
  refreshCookie,
  setDeviceCookie,
  setSessionCookies,
} from '../../auth/cookies.ts';
import { addressKey, limitAttempts } from '../../auth/limits.ts';
import { requireGoodPassword } from '../../auth/passwordRules.ts';
import { endSession, refreshSession } from '../../auth/sessions.ts';
import { countSignUp, deviceTokenFor } from '../../auth/throttle.ts';
import { hasUsers } from '../../db/teams/accounts.ts';
import { signInInput, signUpInput } from '../../domain/teams/account.ts';
import { signUpOffer } from '../../domain/teams/signUpRule.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitVisits, refuseProbes } from '../http/middleware.ts';
import { validJson, validQuery } from '../http/validate.ts';
import { toAccountView } from './me.ts';

const signOutQuery = z.object({
  everywhere: z.enum(['true', 'false'], 'Write true or false.').default('false'),
});

export const auth = new Hono<ApiEnv>()
  // Read before the form is shown; a minute old is soon enough, because signing up asks the rule itself.
  .get('/signup', limitVisits, async (c) => {
    const { config, db } = c.var.services;
    const offer = signUpOffer(config.signUp, config.signUp.kind === 'first' && (await hasUsers(db)));
    c.header('cache-control', 'public, max-age=60');
    return c.json({ signUp: offer });
  })

  .post('/signup', refuseProbes, validJson(signUpInput), async (c) => {
    const { services } = c.var;
    const network = networkOf(c);
    await limitAttempts(services.signUpLimit, [network]);
    await countSignUp(services, network);
    const input = c.req.valid('json');
    await requireGoodPassword(services, input);
    const { account, tokens } = await signUp(services, input, seenFrom(c));
    setSessionCookies(c, tokens);
    setDeviceCookie(c, await deviceTokenFor(services, account.user.email));
    return c.json(toAccountView(account), 201);
  })

  .post('/signin', refuseProbes, validJson(signInInput), async (c) => {
    const { services } = c.var;
    const { account, tokens } = await signIn(services, c.req.valid('json'), {
      ...seenFrom(c),
      device: deviceCookie(c),
    });
    setSessionCookies(c, tokens);
    setDeviceCookie(c, await deviceTokenFor(services, account.user.email));
    return c.json(toAccountView(account));
  })

  .post('/refresh', async (c) => {
    const tokens = await refreshSession(c.var.services, refreshCookie(c), seenFrom(c)).catch((error: unknown) => {
      if (error instanceof PharosError && error.code === 'session_ended') clearSessionCookies(c);
      throw error;
    });
    setSessionCookies(c, tokens);
    return c.body(null, 204);
  })

  .post('/signout', validQuery(signOutQuery), async (c) => {
    const everywhere = c.req.valid('query').everywhere === 'true';
    const ended = await endSession(c.var.services, refreshCookie(c), everywhere);
    clearSessionCookies(c);
    if (everywhere && !ended)
      throw new PharosError('unauthenticated', 'The session had ended already, so no other was ended with it.');
    return c.body(null, 204);
  });

const networkOf = (c: Context<ApiEnv>) => addressKey(c.req.header('cf-connecting-ip'));
const seenFrom = (c: Context<ApiEnv>) => ({ network: networkOf(c), userAgent: c.req.header('user-agent') });
