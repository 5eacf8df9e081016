import { isOwnAnswer, type Reason } from '../checks/outcome.ts';
import { type Region, regionNames } from '../checks/region.ts';
import type { RegionVote } from './explanation.ts';

/** Words for sentences about verdicts. */

/** `Europe, west` reads like two places within a sentence. */
export const placeOf = ({ region }: { region: Region }) => regionNames[region].replace(',', '');

const shortReasons: Record<Reason, string> = {
  ok: 'answered',
  slow: 'slow',
  timeout: 'timeout',
  dns: 'host name not found',
  refused: 'connection refused',
  unreachable: 'unreachable',
  reset: 'connection closed',
  tls: 'TLS failed',
  status: 'unexpected status',
  body: 'unexpected body',
  undecodable: 'undecodable body',
  too_large: 'body too large',
  protocol: 'not valid HTTP',
  redirect: 'wrong redirect',
  blocked: 'blocked redirect',
  unsupported: 'not supported',
  error: 'request failed',
  internal: 'check failed internally',
  challenged: 'blocked by bot protection',
  limited: 'redirect not followed yet',
};

/** What a region was answered last, in a word or two. */
export const saw = ({ evidence }: RegionVote): string => {
  if (evidence && isOwnAnswer(evidence)) return 'Pharos itself';
  return evidence?.reason === 'status' && evidence.status !== null
    ? `${evidence.status}`
    : shortReasons[evidence?.reason ?? 'error'];
};

/** Who refuses checks, before “the checks of”. */
export const refusedBy = {
  challenged: 'the target’s bot protection blocks',
} as const;

export const list = (items: readonly string[]) =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

export const regionCount = (count: number) => (count === 1 ? '1 region' : `${count} regions`);
/** The form that goes with so many. */
export const form = (count: number, one: string, many: string) => (count === 1 ? one : many);
export const areNeeded = (count: number) => `${count} ${form(count, 'is', 'are')} needed`;
