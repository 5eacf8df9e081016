import { z } from 'zod';
import type { Reason } from '../checks/reasons.ts';
import { lineField, nameField } from '../fields/name.ts';
import type { Verdict } from '../history/uptime.ts';

const fields = {
  slug: z
    .string('Choose an address for the page.')
    .trim()
    .min(1, { error: 'Choose an address for the page.', abort: true })
    .min(3, { error: 'The address must have at least 3 characters.', abort: true })
    .max(48, { error: 'The address can have at most 48 characters.', abort: true })
    .regex(/^[a-z0-9-]*$/, { error: 'Use only lowercase letters a to z, digits and hyphens.', abort: true })
    .regex(/^(?!-).*(?<!-)$/, 'The address must start and end with a letter or digit.'),
  name: nameField('page'),
  monitorIds: z
    .array(z.string().max(100, 'This is not a monitor id.'), 'Choose the monitors to show.')
    .min(1, 'Choose at least one monitor.')
    .max(100, 'A page can show at most 100 monitors.')
    .refine((ids) => new Set(ids).size === ids.length, 'A monitor can be on the page only once.'),
  publicNames: z.record(
    z.string(),
    lineField({ what: 'public name', missing: 'A public name cannot be empty.', max: 100 }),
    'Public names must be an object of monitor ids and names.',
  ),
};

/** Whether there can be a page under it: other addresses need not be looked up. */
export const isSlug = (text: string): boolean => fields.slug.safeParse(text).data === text;

export const createStatusPageSchema = z.strictObject({ ...fields, publicNames: fields.publicNames.default({}) });

/** Any subset. `publicNames`, where given, replaces all names; else monitors that stay keep theirs. */
export const changeStatusPageSchema = z.strictObject(fields).partial();

export type CreateStatusPage = z.infer<typeof createStatusPageSchema>;
export type ChangeStatusPage = z.infer<typeof changeStatusPageSchema>;

/** Words that look like part of a host: `example.com`, `10.0.0.1`, `bücher.de`. */
const hostLike = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/**
 * Whether a monitor's own name gives away what it watches: the host of its address, a part or an extension of that, its
 * path, or any complete address.
 */
export const nameLeaks = (name: string, address: string): boolean => {
  const { hostname, pathname } = new URL(address);
  const lower = name.toLowerCase();
  if (lower.includes('://') || /\d+\.\d+\.\d+\.\d+/.test(lower) || lower.includes(hostname)) return true;
  if (pathname !== '/' && lower.includes(pathname.toLowerCase())) return true;
  return (lower.match(hostLike) ?? []).some((word) => {
    const host = URL.canParse(`http://${word}`) ? new URL(`http://${word}`).hostname : word;
    return hostname.includes(host) || host.includes(hostname);
  });
};

/** What visitors read; `position` counts from 0. */
export const shownName = (
  { publicName, name, address }: { publicName: string | null; name: string; address: string },
  position: number,
): string => publicName ?? (nameLeaks(name, address) ? `Service ${position + 1}` : name);

const services = (count: number, of: number) =>
  count === of ? 'All services are' : `${count} of ${of} services ${count === 1 ? 'is' : 'are'}`;

const maintenanceSentence = (count: number, of: number) => {
  if (of === 1) return 'Scheduled maintenance';
  return `Scheduled maintenance of ${count === of ? 'all' : `${count} of ${of}`} services`;
};

/** The page in one sentence, and the verdict whose colour it has. */
export const overallState = (
  components: readonly { verdict: Verdict; staleSince: number | null }[],
): { verdict: Verdict; sentence: string } => {
  const verdicts = components.map(({ verdict }) => verdict);
  const total = verdicts.length;
  const count = (verdict: Verdict) => verdicts.filter((v) => v === verdict).length;
  const say = (count: number, what: string) =>
    total === 1 ? `The service is ${what}` : `${services(count, total)} ${what}`;
  if (total === 0) return { verdict: 'unknown', sentence: 'No services on this page' };
  if (count('down') > 0) return { verdict: 'down', sentence: say(count('down'), 'down') };
  if (count('degraded') > 0) return { verdict: 'degraded', sentence: say(count('degraded'), 'slow') };
  if (count('maintenance') > 0)
    return { verdict: 'maintenance', sentence: maintenanceSentence(count('maintenance'), total) };
  if (count('up') === total) return { verdict: 'up', sentence: 'All systems operational' };
  if (count('up') > 0) return { verdict: 'up', sentence: say(count('up'), 'operational') };
  if (count('paused') === total) return { verdict: 'paused', sentence: 'Monitoring is paused' };
  const isStale = components.some(({ staleSince }) => staleSince !== null);
  return { verdict: 'unknown', sentence: isStale ? 'Status unknown' : 'No data yet' };
};

/** The reasons that visitors may see: without addresses or details of the check. */
export const publicReason = (reason: Reason): string => {
  if (['status', 'body', 'undecodable', 'too_large', 'protocol', 'redirect', 'blocked'].includes(reason))
    return 'Responding with errors';
  if (['timeout', 'dns', 'refused', 'unreachable', 'reset', 'tls'].includes(reason)) return 'Not responding';
  return 'Not working as expected';
};
