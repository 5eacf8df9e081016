import ipaddr from 'ipaddr.js';

export type TargetProblem = { code: string; message: string };

const privateSuffixes = [
  '.localhost',
  '.local',
  '.localdomain',
  '.internal',
  '.intranet',
  '.lan',
  '.home.arpa',
  '.corp',
  '.private',
];
const metadataNames = ['metadata.google.internal', 'metadata.goog', 'instance-data', 'metadata.azure.com'];

/** Addresses that monitors may check. */
export interface TargetRules {
  /** Lifts the rules about where a host lies, so that targets on one's own machine can be tried. */
  allowPrivate: boolean;
  /** Hosts (with port, where there is one) under which Pharos itself answers. */
  ownHosts: readonly string[];
}

/**
 * All names of this machine are one, and there each port is another program. Elsewhere ports do not count: Cloudflare answers
 * for a host at thirteen of them. https://developers.cloudflare.com/fundamentals/reference/network-ports/
 */
const canonicalHost = (host: string) => {
  const named = host
    .toLowerCase()
    .replace(/\.(?=$|:)/, '')
    .replace(
      /^(?:(?:[^.:]+\.)*localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]+|0:0)\])(?=$|:)/,
      'localhost',
    );
  return /^localhost(?:$|:)/.test(named) ? named : named.replace(/:\d+$/, '');
};

/** Whether Pharos itself answers there. Previews of the dashboard are subdomains of its own address. */
export const isOwnHost = (url: URL, ownHosts: readonly string[]) => {
  const host = canonicalHost(url.host);
  return ownHosts.map(canonicalHost).some((own) => host === own || (own.includes('.') && host.endsWith(`.${own}`)));
};

export const maxUrlLength = 2048;

const notComplete = 'This is not a complete web address, such as https://example.com/.';

/**
 * The reason against probing this URL, or null. `rules` may be `allowPrivate` alone, which lifts the rules about the host's
 * location (the local start command sets it, so that targets on one's own machine can be tried); the rest always applies.
 */
export const targetProblem = (input: string, rules: TargetRules | boolean): TargetProblem | null => {
  const { allowPrivate, ownHosts } = typeof rules === 'boolean' ? { allowPrivate: rules, ownHosts: [] } : rules;
  if (input.length > maxUrlLength)
    return { code: 'too_long', message: `The address can have at most ${maxUrlLength} characters.` };
  if (!/^[a-z][a-z0-9+.-]*:/i.test(input) || /^[^/:]+:\d+(\/|$)/.test(input))
    return { code: 'no_scheme', message: 'Start the address with https:// or http://.' };
  if (!URL.canParse(input)) return { code: 'not_a_url', message: notComplete };
  const url = new URL(input);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return {
      code: 'scheme',
      message: `Pharos can monitor only http and https, not "${url.protocol.slice(0, -1).slice(0, 20)}".`,
    };
  // A name with an empty part (`localhost..`) is none, and must not pass by the rules about names.
  if (!/^https?:\/\//i.test(input) || url.hostname.includes('..')) return { code: 'not_a_url', message: notComplete };
  if (url.username || url.password)
    return {
      code: 'credentials',
      message: 'Remove the user name and password from the address; send them in a header instead.',
    };
  if (isOwnHost(url, ownHosts))
    return { code: 'own_address', message: 'This is the address of Pharos itself. Pharos does not monitor itself.' };
  return allowPrivate ? null : hostProblem(url.hostname);
};

/** As a URL has a host: for every name `ipaddr` would take longer than all the other rules. */
const isAddress = (host: string) => host.startsWith('[') || /^[\d.]+$/.test(host);

const hostProblem = (hostname: string): TargetProblem | null => {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const literal = host.startsWith('[') ? host.slice(1, -1) : host;
  if (isAddress(host)) {
    const range = ipaddr.process(literal).range();
    return range === 'unicast'
      ? { code: 'bare_ip', message: 'Cloudflare cannot fetch a bare IP address. Use a host name that points to it.' }
      : {
          code: 'private_address',
          message: `This address is not on the public internet (${range}), so Pharos cannot reach it.`,
        };
  }
  if (metadataNames.includes(host))
    return { code: 'private_address', message: 'Pharos does not check cloud metadata addresses.' };
  if (host === 'localhost' || privateSuffixes.some((suffix) => host.endsWith(suffix)))
    return {
      code: 'private_address',
      message: `"${host}" is a private host name, unknown on the public internet.`,
    };
  if (!host.includes('.'))
    return {
      code: 'private_address',
      message: `"${host}" is a host name without a domain, unknown on the public internet.`,
    };
  return null;
};
