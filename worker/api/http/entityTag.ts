import type { Context } from 'hono';
import { base64url } from 'jose';
import { sha256 } from '../../sha256.ts';
import type { ApiEnv } from './context.ts';

/** A weak entity tag (RFC 9110, section 8.8.3) of the data behind a response, so that it is known before the response is made. */
export const entityTag = async (version: unknown): Promise<string> => {
  const digest = await sha256(JSON.stringify(version));
  return `W/"${base64url.encode(digest.subarray(0, 18))}"`;
};

/** Whether the client already has this version. */
export const isKnown = (c: Context<ApiEnv>, tag: string): boolean =>
  (c.req.header('if-none-match') ?? '').split(',').some((one) => ['*', tag].includes(one.trim()));
