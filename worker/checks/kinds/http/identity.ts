import type { Config } from '../../../config.ts';
import { originHeader } from '../../../domain/checks/requestHeaders.ts';
import { userAgent } from './hop.ts';

/**
 * What a probe says of itself: to the owner of a target how to reach the operator, and to Pharos that it is its own
 * request, which it refuses by whatever name it came.
 */
export const identityOf = ({ abuseContact, publicOrigin }: Pick<Config, 'abuseContact' | 'publicOrigin'>) => ({
  'user-agent': abuseContact ? `Pharos/1.0 (+uptime monitor; abuse: ${abuseContact})` : userAgent,
  [originHeader]: publicOrigin,
});
