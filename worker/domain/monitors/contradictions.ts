import { parseStatusRanges, redirectStatuses } from '../checks/statusCodes.ts';
import { quorumProblems } from '../verdict/policyFields.ts';
import type { Quorum } from '../verdict/votesNeeded.ts';

/** What of a monitor can contradict something else of it. Undefined is not given, and contradicts nothing. */
export interface Together {
  url?: string | undefined;
  sendToken?: boolean | undefined;
  method?: string | undefined;
  body?: string | null | undefined;
  bodyContains?: string | null | undefined;
  bodyNotContains?: string | null | undefined;
  expectedStatus?: string | undefined;
  maxRedirects?: number | undefined;
  timeoutMs?: number | undefined;
  intervalSeconds?: number | undefined;
  degradedAboveMs?: number | null | undefined;
  quorum?: Quorum | undefined;
  regions?: readonly unknown[] | undefined;
}

export interface Contradiction {
  path: string;
  message: string;
  /** All that take part in it. */
  fields: (keyof Together)[];
}

type Rule = (input: Together) => Contradiction[];

/** What does not go together, by the field to be changed: such a monitor could never be up, or never be what it says. */
export const contradictions: Rule = (input) => [
  ...methodProblems(input),
  ...statusProblems(input),
  ...textProblems(input),
  ...timeProblems(input),
  ...tokenProblems(input),
  ...quorumProblems(input).map((problem) => ({
    ...problem,
    fields: ['quorum', 'regions'] satisfies Contradiction['fields'],
  })),
];

/** Those of `after` in which something takes part that is not as it was `before`: what was stored once stays usable. */
export const newContradictions = (before: Together, after: Together): Contradiction[] => {
  const differs = (field: keyof Together) => JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  return contradictions(after).filter(({ fields }) => fields.some(differs));
};

/** https://www.rfc-editor.org/rfc/rfc9110#name-method-definitions */
const methodProblems: Rule = ({ method, body, bodyContains, bodyNotContains }) => {
  const noBody = 'A response to HEAD has no body to check. Choose GET.';
  const carriesNone = body && (method === 'GET' || method === 'HEAD');
  return [
    ...found(carriesNone, 'body', `A ${method} request cannot have a body.`, ['method', 'body']),
    ...found(method === 'HEAD' && bodyContains, 'bodyContains', noBody, ['method', 'bodyContains']),
    ...found(method === 'HEAD' && bodyNotContains, 'bodyNotContains', noBody, ['method', 'bodyNotContains']),
  ];
};

/** What goes in clear can be read on the way. */
const tokenProblems: Rule = ({ url, sendToken }) =>
  found(
    sendToken && url !== undefined && !/^https:/i.test(url.trim()),
    'sendToken',
    'Pharos sends the identification header only over https.',
    ['url', 'sendToken'],
  );

const found = (problem: unknown, path: keyof Together, message: string, fields: (keyof Together)[]): Contradiction[] =>
  problem ? [{ path, message, fields }] : [];

/** Interim answers are never the last one, and the others mean that Cloudflare found no origin (checks/kinds/http/synthetic.ts). */
const isNeverAccepted = (status: number) => status < 200 || (status >= 520 && status <= 527) || status === 530;

/** https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1 */
const bodylessStatuses = [204, 205, 304];

const statusProblems: Rule = ({ expectedStatus, maxRedirects, bodyContains }) => {
  const ranges = parseStatusRanges(expectedStatus ?? '');
  if (!ranges) return [];
  const expected = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  const possible = expected.filter((status) => !isNeverAccepted(status));
  if (possible.length === 0)
    return found(
      true,
      'expectedStatus',
      'No response has such a status: 1xx is never final, and 520 to 527 and 530 are Cloudflare errors about the origin.',
      ['expectedStatus'],
    );
  const follows = (maxRedirects ?? 0) > 0;
  const isLast = (status: number) => !(follows && redirectStatuses.includes(status));
  const last = possible.filter(isLast);
  if (last.length === 0)
    return found(
      true,
      'expectedStatus',
      'Pharos follows redirects, so a redirect status is never the result. Set "Maximum redirects" to 0, or expect the status of the final page.',
      ['expectedStatus', 'maxRedirects'],
    );
  return found(
    bodyContains && last.every((status) => bodylessStatuses.includes(status)),
    'bodyContains',
    `A response with status ${[...new Set(last)].join(' or ')} has no body to check.`,
    ['bodyContains', 'expectedStatus', 'maxRedirects'],
  );
};

const textProblems: Rule = ({ bodyContains, bodyNotContains }) =>
  found(
    bodyContains && bodyNotContains && bodyContains.includes(bodyNotContains),
    'bodyNotContains',
    'The required text contains this one, so no body could match.',
    ['bodyContains', 'bodyNotContains'],
  );

const seconds = (ms: number) => `${ms / 1000} s`;

const timeProblems: Rule = ({ timeoutMs, intervalSeconds, degradedAboveMs }) => [
  ...(timeoutMs !== undefined && intervalSeconds !== undefined
    ? found(
        timeoutMs > intervalSeconds * 1000,
        'timeoutMs',
        `The timeout is longer than the interval of ${intervalSeconds} s, so checks would overlap.`,
        ['timeoutMs', 'intervalSeconds'],
      )
    : []),
  ...(timeoutMs !== undefined && typeof degradedAboveMs === 'number'
    ? found(
        degradedAboveMs >= timeoutMs,
        'degradedAboveMs',
        `A response this slow is a timeout (${seconds(timeoutMs)}). Choose a shorter time.`,
        ['degradedAboveMs', 'timeoutMs'],
      )
    : []),
];
