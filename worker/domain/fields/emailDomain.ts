const maxDomainLength = 253;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The domain of e-mail addresses as one spelling: punycode, lower case, without `@` in front or a dot behind. Null where
 * no mail can go there: addresses of machines, names without a dot, and labels that DNS does not take (RFC 1035, 2.3.4).
 */
export const emailDomain = (given: string): string | null => {
  const bare = given.trim().replace(/^@/, '');
  // A URL would take more than a name here: user, port, path, and escapes.
  if (!/^[\p{L}\p{M}\p{N}.。．｡-]+$/u.test(bare) || !URL.canParse(`http://${bare}/`)) return null;
  const domain = new URL(`http://${bare}/`).hostname.replace(/\.$/, '');
  const labels = domain.split('.');
  const isName = labels.length > 1 && labels.every((one) => label.test(one)) && !/^\d/.test(labels.at(-1) ?? '');
  return isName && domain.length <= maxDomainLength ? domain : null;
};
