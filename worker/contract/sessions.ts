import { z } from 'zod';
import { timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

/** A signed-in browser or program. */
export const sessionView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    isCurrent: z.boolean().describe('The session of this request.'),
    network: z.string().nullable().describe('IPv4 address, or the /64 of an IPv6 address; null if unknown.'),
    userAgent: z.string().nullable().describe('User agent of the client, at most 300 characters; null if unknown.'),
    createdAt: timestamp(),
    usedAt: timestamp().describe('Last renewal. A client in use renews its session every ten minutes.'),
    expiresAt: timestamp(),
  }),
);
export type SessionView = Shape<typeof sessionView>;
