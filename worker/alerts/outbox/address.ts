import { z } from 'zod';
import { isOwnHost, targetProblem } from '../../domain/checks/target.ts';
import { hasClearLine } from '../../domain/fields/visibleText.ts';
import { maskedSecret } from '../../domain/monitors/monitor.ts';

export { originHeader } from '../../domain/checks/requestHeaders.ts';

/** Permitted destinations of messages. */
export interface AddressRules {
  /** Allows hosts in private networks, as for monitors (ALLOW_PRIVATE_TARGETS). */
  allowPrivate: boolean;
  /** Hosts (with port, where there is one) of Pharos itself. */
  ownHosts: readonly string[];
}

const problems: Record<string, string> = {
  too_long: 'The address can have at most 2,048 characters.',
  no_scheme: 'Start the address with https://.',
  not_a_url: 'This is not a complete web address, such as https://example.com/hook.',
  scheme: 'The address must start with https:// or http://.',
  credentials: 'Remove the user name and password from the address.',
  bare_ip: 'Cloudflare cannot send to a bare IP address. Use a host name that points to it.',
  control: 'Remove line breaks, tabs and backslashes from the address.',
  private_address: 'This address is not on the public internet, so Pharos cannot send there.',
};

const withoutDot = (host: string) => host.toLowerCase().replace(/\.(?=$|:)/, '');

/** The objection to this address, or null. */
export const addressProblem = (address: string, { allowPrivate, ownHosts }: AddressRules): string | null => {
  // Parsers drop or convert them, so that the address would differ from the visible one.
  if (!hasClearLine(address) || address.includes('\\')) return problems.control ?? null;
  const problem = targetProblem(address, allowPrivate);
  if (problem) return problems[problem.code] ?? problem.message;
  return isOwnHost(new URL(address), ownHosts)
    ? 'This is the address of Pharos itself. Enter the address of a receiver.'
    : null;
};

export interface Place {
  /** `hooks.slack.com`, or `.logic.azure.com` for any name below it. Any host is valid where omitted. */
  hosts?: readonly string[];
  /** Pattern of path and query. */
  path?: RegExp;
  /** The fix for another host or path. */
  help?: string;
}

const isAt = (url: URL, { hosts, path }: Place) => {
  const host = withoutDot(url.hostname);
  const isHost = !hosts || hosts.some((known) => (known.startsWith('.') ? host.endsWith(known) : host === known));
  // A vendor's address is on its standard port and encrypted; otherwise a key would travel in clear.
  const isVendors = !hosts || (url.protocol === 'https:' && url.port === '');
  return isHost && isVendors && (!path || path.test(url.pathname + url.search));
};

/** An address in settings. Host and path of a vendor's address are checked as well. */
export const address = (rules: AddressRules, place: Place = {}) =>
  z
    .string('Enter an address.')
    .trim()
    .superRefine((text, ctx) => {
      const isMask = text.includes(maskedSecret);
      const problem = text === '' || isMask ? 'Enter an address.' : addressProblem(text, rules);
      const message = problem ?? (isAt(new URL(text), place) ? null : (place.help ?? problems.not_a_url));
      if (message) ctx.addIssue({ code: 'custom', message });
    });
