/** By which escalation policy a monitor goes. */

/** A policy as far as that matters. */
export interface PolicyChoice {
  id: string;
  isDefault: boolean;
  tags: readonly string[];
  /** ms since the epoch. */
  createdAt: number;
}

export interface PolicyHolder {
  /** The policy that was chosen for it; null for none. */
  escalationPolicyId: string | null;
  tags: readonly string[];
}

/** Why it is that policy: it is the monitor's own, or that of one of its tags, or the team's default. */
export type PolicyMatch = { because: 'monitor' } | { because: 'tag'; tag: string } | { because: 'default' };

export type ResolvedPolicy<P> = { policy: P } & PolicyMatch;

/** The monitor's own policy, else the oldest that has one of its tags, else the default; null where the team has none yet. */
export const resolvePolicy = <P extends PolicyChoice>(
  { escalationPolicyId, tags }: PolicyHolder,
  policies: readonly P[],
): ResolvedPolicy<P> | null => {
  const own = policies.find(({ id }) => id === escalationPolicyId);
  if (own) return { policy: own, because: 'monitor' };
  const [tagged] = policies
    .flatMap((policy) => {
      const tag = policy.isDefault ? undefined : tags.find((one) => policy.tags.includes(one));
      return tag === undefined ? [] : [{ policy, because: 'tag' as const, tag }];
    })
    .sort(({ policy: a }, { policy: b }) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  if (tagged) return tagged;
  const policy = policies.find(({ isDefault }) => isDefault);
  return policy ? { policy, because: 'default' } : null;
};
