import { emailDomain } from '../fields/emailDomain.ts';

/** Who may sign up. Domains are in punycode and lower case. */
export type SignUpRule =
  | { kind: 'open' }
  | { kind: 'first' }
  | { kind: 'closed' }
  | { kind: 'domains'; domains: string[] };

/** Who may sign up, as shown before the form: everyone, people of some organizations, or nobody. */
export const signUpOffers = ['open', 'domains', 'closed'] as const;
export type SignUpOffer = (typeof signUpOffers)[number];

const words = ['open', 'first', 'closed'] as const;
const isWord = (text: string): text is (typeof words)[number] => (words as readonly string[]).includes(text);

/** `open`, `first`, `closed`, or e-mail domains behind commas; empty is `open`. */
export const parseSignUpRule = (text: string): SignUpRule | { problem: string } => {
  const rule = text.trim().toLowerCase();
  if (rule === '') return { kind: 'open' };
  if (isWord(rule)) return { kind: rule };
  const parts = rule
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const word = parts.find(isWord);
  if (word) return { problem: `"${word}" stands alone, without a list of domains` };
  const wrong = parts.find((part) => emailDomain(part) === null);
  if (wrong !== undefined || parts.length === 0) return { problem: `"${wrong ?? rule}" is not an e-mail domain` };
  return { kind: 'domains', domains: [...new Set(parts.flatMap((part) => emailDomain(part) ?? []))] };
};

/** `hasUsers` matters to the rule `first` alone. */
export const signUpOffer = ({ kind }: SignUpRule, hasUsers: boolean): SignUpOffer =>
  kind === 'first' ? (hasUsers ? 'closed' : 'open') : kind;

/**
 * Why this e-mail address may not sign up, for its owner; null where it may. A subdomain is another domain. The domains
 * are not named: an address is not verified at sign-up, so a stranger who knew one could claim to have it.
 */
export const signUpRefusal = (rule: SignUpRule, email: string, hasUsers: boolean): string | null => {
  if (signUpOffer(rule, hasUsers) === 'closed') return 'Sign-up is closed here. Ask the operator of this Pharos.';
  if (rule.kind !== 'domains') return null;
  const domain = emailDomain(email.slice(email.lastIndexOf('@') + 1));
  return domain !== null && rule.domains.includes(domain)
    ? null
    : 'This e-mail domain cannot sign up here. Use the address of your organization, or ask the operator of this Pharos.';
};
