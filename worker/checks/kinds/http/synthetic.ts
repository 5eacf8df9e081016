import type { Reason } from '../../../domain/checks/reasons.ts';
import { down, type Judgement, unsupported } from './failure.ts';

/**
 * Where a target cannot be reached, the platform's `fetch` does not throw but answers in its stead. A target that is
 * itself behind Cloudflare passes the same statuses on from its own zone, and the two look alike; both mean that its
 * origin is not there, so both are read the same way, whatever statuses the monitor expects.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const byStatus: Partial<Record<number, Reason>> = {
  520: 'reset',
  521: 'refused',
  522: 'timeout',
  523: 'unreachable',
  524: 'timeout',
  525: 'tls',
  526: 'tls',
  527: 'unreachable',
};

/**
 * The 1xxx codes that come as a body `error code: 1016` under 530, 403 or 409.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
 */
const byCode: Partial<Record<number, Judgement['reason']>> = {
  1000: 'unsupported', // the name points to an address that Cloudflare does not fetch
  1001: 'dns',
  1002: 'unsupported', // as 1000
  1003: 'unsupported', // a bare IP address
  1016: 'dns',
  1021: 'unsupported', // a host that a Worker may not ask
  1024: 'unsupported', // an address of Cloudflare itself
  1033: 'unreachable', // a tunnel without a connector
};

/** What the platform's own answer means, or null where the answer is the target's. `text`: how its body begins. */
export const syntheticAnswer = (
  { status }: Pick<Response, 'status'>,
  expected: boolean,
  text: string,
): Judgement | null => {
  const reason = byStatus[status];
  if (reason) return down(reason, status);
  if (status === 530) return judgeCode(cloudflareCode(text), status) ?? down('unreachable', status);
  return expected || !saysCode(status) ? null : judgeCode(cloudflareCode(text), status);
};

const saysCode = (status: number) => status === 403 || status === 409;

/** Whether the beginning of the body is needed to decide. */
export const needsText = (status: number, expected: boolean) => status === 530 || (!expected && saysCode(status));

const judgeCode = (code: number | null, status: number): Judgement | null => {
  const reason = code === null ? undefined : byCode[code];
  if (!reason) return null;
  return reason === 'unsupported' ? { ...unsupported, status } : down(reason, status);
};

/** As problem details, for clients that accept JSON. */
const codeInJson = (text: string) =>
  /"cloudflare_error"\s*:\s*true/.test(text) ? /"error_code"\s*:\s*(\d{4})\b/.exec(text)?.[1] : undefined;

/** The 1xxx code that a plain answer of Cloudflare, its JSON, or its page for browsers gives; null where there is none. */
export const cloudflareCode = (text: string): number | null => {
  const code =
    /^\s*error code: (\d{4})\s*$/i.exec(text)?.[1] ??
    /\bcf-error-code\b[^>]*>\s*(\d{4})\b/.exec(text)?.[1] ??
    codeInJson(text);
  if (code) return Number(code);
  return /<title>\s*Origin DNS error\b/i.test(text) ? 1016 : null;
};
