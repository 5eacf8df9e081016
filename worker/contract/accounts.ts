import { z } from 'zod';
import { signUpOffers } from '../domain/teams/signUpRule.ts';
import { timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

/** A user in one of their teams. */
export const accountView = responseSchema(() =>
  z.strictObject({
    user: z.strictObject({ id: z.string(), email: z.string(), createdAt: timestamp() }),
    team: z.strictObject({
      id: z.string(),
      name: z.string(),
      timeZone: z.string().describe('IANA name.'),
      role: z.enum(['owner', 'member']),
      isFirst: z.boolean().describe('The first team of this Pharos. Its owner is taken for the operator.'),
    }),
  }),
);
export type AccountView = Shape<typeof accountView>;

export const signUpOfferView = responseSchema(() =>
  z.strictObject({
    signUp: z.enum(signUpOffers).describe('Who may sign up: everyone, people of some e-mail domains, or nobody.'),
  }),
);
