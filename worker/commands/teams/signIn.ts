import type { Visitor } from '../../auth/actor.ts';
import { hashOfNobody, verifyPassword } from '../../auth/passwords.ts';
import { newSession } from '../../auth/sessions.ts';
import { countSignIn, placeOf } from '../../auth/throttle.ts';
import { findAccount } from '../../db/teams/accounts.ts';
import { insertSession } from '../../db/teams/sessions.ts';
import { rememberPlace } from '../../db/teams/signIns.ts';
import { signInInput } from '../../domain/teams/account.ts';
import { PharosError } from '../../errors.ts';
import { type Context, command } from '../command.ts';
import { toSignedIn } from './signedIn.ts';

/**
 * Throws `rate_limited`, and `invalid_credentials` with the same delay and text for an unknown e-mail as for a wrong password,
 * so that the response does not reveal who has an account.
 */
export const signIn = command(
  'account.sign-in',
  { audits: ['sign-in.succeeded', 'sign-in.failed'] },
  signInInput,
  async ({ services, actor: { origin } }: Context<Visitor>, input) => {
    const { d1, db } = services;
    const now = services.now();
    const { user, isKnown, uncount, fail } = await countSignIn(services, input.email, origin);
    const fits = verifyPassword(input.password, user?.passwordHash ?? hashOfNobody(services.config.bcryptCost));
    const account = user && fits && (await findAccount(db, user.id));
    if (!account) {
      await fail().run();
      throw new PharosError('invalid_credentials', 'Check both, then try again.');
    }
    const { session, refreshToken } = await newSession(services, account.user.id, origin, now);
    const place = await placeOf(services, origin.network);
    await d1.batch([uncount(), ...rememberPlace(d1, account.user.id, place, now)]);
    await insertSession(db, session, { network: origin.network, isKnown });
    return toSignedIn(services, account, session.id, refreshToken);
  },
);
