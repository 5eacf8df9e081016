import { parseStatusRanges, redirectStatuses } from '../../../../domain/checks/statusCodes.ts';
import { type Contradiction, found } from '../../../../domain/monitors/contradiction.ts';

/** Settings of an HTTP check that can contradict each other. Undefined is not given, and contradicts nothing. */
interface Together {
  url?: string | undefined;
  sendToken?: boolean | undefined;
  method?: string | undefined;
  body?: string | null | undefined;
  bodyContains?: string | null | undefined;
  bodyNotContains?: string | null | undefined;
  expectedStatus?: string | undefined;
  maxRedirects?: number | undefined;
}

type Rule = (input: Together) => Contradiction[];

/** Such a monitor could never be up, or never be what it says. */
export const httpContradictions: Rule = (settings) => [
  ...methodProblems(settings),
  ...statusProblems(settings),
  ...textProblems(settings),
  ...tokenProblems(settings),
];

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

/** Interim answers are never the last one, and the others mean that Cloudflare found no origin (../synthetic.ts). */
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
