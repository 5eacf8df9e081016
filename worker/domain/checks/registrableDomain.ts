import { getDomain } from 'tldts';

/** Any spelling of a host as URLs have it (WHATWG URL): punycode, lower case, dotted IPv4; unchanged where it is none. */
const canonicalHost = (host: string) => {
  const given = host.trim();
  const bare = given.startsWith('[') || !/:.*:/.test(given) ? given : `[${given}]`;
  const url = `http://${bare}/`;
  if (!/^[^/?#@\\]+$/.test(bare) || !URL.canParse(url)) return given.toLowerCase();
  return new URL(url).hostname.replace(/\.+$/, '') || given;
};

/**
 * The domain that one owner registered, for a host in any spelling, with or without a port: `example.co.uk` for
 * `API.Example.co.uk.:8443`. Suffixes under which strangers get names count as registries, so `a.github.io` and
 * `b.github.io` differ (https://publicsuffix.org, both sections). Addresses, suffixes, names without a dot and what is
 * no host are their own domain; IPv6 in brackets.
 */
export const registrableDomain = (host: string): string => {
  const canonical = canonicalHost(host);
  return getDomain(canonical, { allowPrivateDomains: true, extractHostname: false }) ?? canonical;
};
