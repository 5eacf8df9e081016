/**
 * How failed sign-ins are limited. Nobody may guess without bound, and nobody may lock an owner out: what others do is
 * never counted for a device or a network from which the account has signed in before.
 */

const minuteMs = 60_000;

export interface Limit {
  /** Failures in one window. */
  failures: number;
  windowMs: number;
}

export const signInLimits = {
  /** One network at one account. */
  pair: { failures: 10, windowMs: 15 * minuteMs },
  /** One account, from all devices and networks that it does not know. */
  account: { failures: 60, windowMs: 60 * minuteMs },
  /** One network at all accounts that do not know it. */
  network: { failures: 100, windowMs: 60 * minuteMs },
  /** All networks of an IPv6 site together; a provider may give one to many customers. */
  site: { failures: 500, windowMs: 60 * minuteMs },
  /** One device that the account knows. */
  device: { failures: 20, windowMs: 15 * minuteMs },
} as const satisfies Record<string, Limit>;

/** Sign-ups of one network, failed or not: the answer says whether an e-mail has an account. */
export const signUpLimit: Limit = { failures: 60, windowMs: 60 * minuteMs };

/** The same of all networks of an IPv6 site together. */
export const siteSignUpLimit: Limit = { failures: 300, windowMs: 60 * minuteMs };

export type Subject = keyof typeof signInLimits;

/** End of the window in which `now` lies, ms since the epoch. */
export const windowEnd = ({ windowMs }: Limit, now: number): number => (Math.floor(now / windowMs) + 1) * windowMs;

/** The subject of a failure count. A known device counts by itself; a known network by itself for that account. */
export const subjectsOf = (knows: { device: boolean; network: boolean }): Subject[] => {
  if (knows.device) return ['device'];
  return knows.network ? ['pair'] : ['pair', 'account', 'network', 'site'];
};
