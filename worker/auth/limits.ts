import ipaddr from 'ipaddr.js';
import { PharosError } from '../errors.ts';

/** Counts one attempt under each key. Throws `rate_limited` where one has had too many. */
export const limitAttempts = async (limiter: RateLimit, keys: readonly string[]) => {
  const outcomes = await Promise.all(keys.map((key) => limiter.limit({ key })));
  if (outcomes.some(({ success }) => !success))
    throw new PharosError('rate_limited', 'Too many attempts; wait a minute and try again.');
};

/** The key of a client's address in a limit: all of an IPv6 /64 is one customer, who may take any address of it. */
export const addressKey = (address: string | undefined) => {
  if (!address || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/64`).toString() : parsed.toString();
};

/** The IPv6 site that a network (`addressKey`) belongs to: providers hand out 65,536 networks at once. Null for IPv4. */
export const siteKey = (network: string) =>
  ipaddr.IPv6.isValid(network) ? ipaddr.IPv6.networkAddressFromCIDR(`${network}/48`).toString() : null;
