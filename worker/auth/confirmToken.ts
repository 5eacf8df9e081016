import { base64url } from 'jose';
import { type FoundRecipient, findByToken } from '../db/channels/confirmationMails.ts';
import { sha256 } from '../sha256.ts';

/** Links in mails that ask a recipient for confirmation (`/confirm/<token>`). Only the hash of a token is stored. */

export const newConfirmToken = async (): Promise<{ token: string; hash: string }> => {
  const token = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  return { token, hash: await hashOfConfirmToken(token) };
};

/** Fast on purpose: a token is 256 random bits, which nobody guesses. */
export const hashOfConfirmToken = async (token: string): Promise<string> => base64url.encode(await sha256(token));

/** The recipient that the token names, also after it expired; null for any other text. */
export const readConfirmToken = async (d1: D1Database, token: string): Promise<FoundRecipient | null> =>
  /^[\w-]{43}$/.test(token) ? findByToken(d1, await hashOfConfirmToken(token)) : null;
