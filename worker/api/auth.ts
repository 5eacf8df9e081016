import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { signIn, signUp } from '../auth/accounts.ts';
import { clearSessionCookies, refreshCookie, setSessionCookies } from '../auth/cookies.ts';
import { addressKey, limitAttempts } from '../auth/limits.ts';
import { endSession, refreshSession } from '../auth/sessions.ts';
import { emailKey, signInInput, signUpInput } from '../domain/account.ts';
import { PharosError } from '../errors.ts';
import type { ApiEnv } from './context.ts';
import { toAccountView } from './me.ts';
import { validJson, validQuery } from './validate.ts';

const signOutQuery = z.object({
  everywhere: z.enum(['true', 'false'], 'Write true or false.').default('false'),
});

export const auth = new Hono<ApiEnv>()
  .post('/signup', validJson(signUpInput), async (c) => {
    const { services } = c.var;
    await limitAttempts(services.authLimit, [`signup:${clientOf(c)}`]);
    const { account, tokens } = await signUp(services, c.req.valid('json'));
    setSessionCookies(c, tokens);
    return c.json(toAccountView(account), 201);
  })

  .post('/signin', validJson(signInInput), async (c) => {
    const { services } = c.var;
    const input = c.req.valid('json');
    await limitAttempts(services.authLimit, [`signin:${clientOf(c)}`, `signin:${emailKey(input.email)}`]);
    const { account, tokens } = await signIn(services, input);
    setSessionCookies(c, tokens);
    return c.json(toAccountView(account));
  })

  .post('/refresh', async (c) => {
    const tokens = await refreshSession(c.var.services, refreshCookie(c)).catch((error: unknown) => {
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

const clientOf = (c: Context<ApiEnv>) => addressKey(c.req.header('cf-connecting-ip'));
