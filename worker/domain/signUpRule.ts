/** Who may sign up. Domains are in punycode and lower case. */
export type SignUpRule =
  | { kind: 'open' }
  | { kind: 'first' }
  | { kind: 'closed' }
  | { kind: 'domains'; domains: string[] };

/** As URLs spell it; null where it is no host name. */
const canonicalDomain = (domain: string): string | null => {
  const bare = domain.trim().replace(/^@/, '');
  if (!/^[\p{L}\p{M}\p{N}.-]+\.[\p{L}\p{M}\p{N}-]+$/u.test(bare) || !URL.canParse(`http://${bare}/`)) return null;
  return new URL(`http://${bare}/`).hostname.replace(/\.$/, '');
};

/** `open`, `first`, `closed`, or e-mail domains behind commas; empty is `open`. Null where it is none of these. */
export const parseSignUpRule = (text: string): SignUpRule | null => {
  const rule = text.trim().toLowerCase();
  if (rule === '') return { kind: 'open' };
  if (rule === 'open' || rule === 'first' || rule === 'closed') return { kind: rule };
  const domains = rule
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map(canonicalDomain);
  return domains.length > 0 && domains.every((domain) => domain !== null) ? { kind: 'domains', domains } : null;
};

/** Why this e-mail address may not sign up, for its owner; null where it may. A subdomain is another domain. */
export const signUpRefusal = (rule: SignUpRule, email: string, hasUsers: boolean): string | null => {
  switch (rule.kind) {
    case 'open':
      return null;
    case 'first':
      return hasUsers ? 'Signing up is closed here. Ask the operator of this Pharos.' : null;
    case 'closed':
      return 'Signing up is closed here. Ask the operator of this Pharos.';
    case 'domains': {
      const domain = canonicalDomain(email.slice(email.lastIndexOf('@') + 1));
      return domain !== null && rule.domains.includes(domain)
        ? null
        : `Only people with an e-mail address of ${listed(rule.domains)} can sign up here.`;
    }
  }
};

const listed = (domains: readonly string[]) =>
  domains.length === 1 ? domains[0] : `${domains.slice(0, -1).join(', ')} or ${domains.at(-1)}`;
