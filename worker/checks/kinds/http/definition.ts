import type { z } from 'zod';
import { publicHeaders, tokenHeader } from '../../../domain/checks/requestHeaders.ts';
import { parseStatusRanges } from '../../../domain/checks/statusCodes.ts';
import type { FieldMeta } from '../../../domain/fields/form.ts';
import { hasClearLine } from '../../../domain/fields/visibleText.ts';
import { answerLine } from '../../../domain/incidents/answerLine.ts';
import { defineKind, type FieldKit } from '../definition.ts';
import { withScheme } from './definition/address.ts';
import { httpContradictions } from './definition/contradictions.ts';
import { headerName, headersProblem, headerValue, headerValueProblem } from './definition/headers.ts';
import { httpReasons } from './definition/reasons.ts';

export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const address = ({ z, addressProblem }: FieldKit) =>
  z
    .string('Enter the address to monitor.')
    .trim()
    .superRefine((url, ctx) => {
      const message =
        url === ''
          ? 'Enter the address to monitor.'
          : hasClearLine(url)
            ? addressProblem(url)
            : 'Remove control and text-direction characters from the address.';
      if (message) ctx.addIssue({ code: 'custom', message });
    });

const optionalText = ({ z }: FieldKit, max: number, what: string) =>
  z
    .string()
    .max(max, `${what} is at most ${max.toLocaleString('en')} characters long.`)
    .nullable();

const fields = (kit: FieldKit) => ({
  url: address(kit).meta({ label: 'Address to monitor', placeholder: 'https://example.com/' } satisfies FieldMeta),
  method: kit.z
    .enum(httpMethods, `The method must be one of ${httpMethods.join(', ')}.`)
    .meta({ label: 'Method' } satisfies FieldMeta),
  maxRedirects: kit.z
    .int()
    .min(0, 'At least 0 redirects (0: not followed).')
    .max(10, 'At most 10 redirects.')
    .meta({
      label: 'Maximum redirects',
      hint: '0 to 10. With 0, the redirect itself is the response.',
    } satisfies FieldMeta),
  headers: kit.z
    .record(headerName(kit), headerValue(kit), { error: headersProblem })
    .refine((h) => Object.keys(h).length <= 32, 'At most 32 headers.')
    .meta({ label: 'Headers', isSecret: true } satisfies FieldMeta),
  sendToken: kit.z.boolean('"sendToken" must be true or false.').meta({
    label: 'Send the identification header',
    hint: 'A team secret by which a firewall recognizes the checks (see Settings). Sent only over https, and not after a redirect to another origin. Send it only to your own sites.',
  } satisfies FieldMeta),
  body: optionalText(kit, 16_384, 'The body').meta({
    label: 'Body',
    hint: 'Stored encrypted and never shown again. JSON is sent as application/json unless a header says otherwise.',
    isSecret: true,
    isMultiline: true,
  } satisfies FieldMeta),
  expectedStatus: kit.z
    .string()
    .max(200)
    .refine((text) => parseStatusRanges(text) !== null, 'Use codes and ranges such as 200-299, 301.')
    .meta({ label: 'Expected status codes', hint: 'Codes and ranges, such as 200-299, 301.' } satisfies FieldMeta),
  bodyContains: optionalText(kit, 1_000, 'The text').meta({
    label: 'Body must contain',
    hint: 'Pharos searches up to 8 MiB. A larger or undecodable body counts as down.',
  } satisfies FieldMeta),
  bodyNotContains: optionalText(kit, 1_000, 'The text').meta({ label: 'Body must not contain' } satisfies FieldMeta),
  challengeCountsAsDown: kit.z.boolean('"challengeCountsAsDown" must be true or false.').meta({
    label: 'Count bot-protection blocks as down',
    hint: 'Otherwise a blocked check has no result, and the monitor reports missing data.',
  } satisfies FieldMeta),
});

export type HttpSettings = z.output<z.ZodObject<ReturnType<typeof fields>>>;

/** What goes in clear can be read on the way. */
const isSecure = (url: string) => /^https:/i.test(url.trim());

/** Asks an address and judges the answer. */
export const http = defineKind({
  kind: 'http',
  label: 'HTTP',
  fields,
  defaults: {
    method: 'GET',
    maxRedirects: 5,
    headers: {},
    sendToken: false,
    body: null,
    expectedStatus: '200-399',
    bodyContains: null,
    bodyNotContains: null,
    challengeCountsAsDown: false,
  },
  secrets: {
    headers: { type: 'record', label: 'header', problem: headerValueProblem, publicNames: publicHeaders },
    body: { type: 'text', label: 'body' },
  },
  address: ({ url }) => url,
  publicAddress: (url) => (URL.canParse(url) ? new URL(url).origin + new URL(url).pathname : url),
  link: (url) => url,
  summary: ({ method, expectedStatus }) => ({ asks: method, expects: expectedStatus }),
  nameFrom: (url) => (URL.canParse(url) ? new URL(url).host : ''),
  host: ({ url }) => new URL(url).hostname,
  destination: ({ url }) => (URL.canParse(url) ? new URL(url).origin : url),
  contradictions: httpContradictions,
  audited: ['method', 'expectedStatus', 'maxRedirects', 'challengeCountsAsDown', 'sendToken'],
  token: {
    isSent: ({ url, sendToken }) => sendToken && isSecure(url),
    none: { sendToken: false },
    add: (settings, token) => {
      const isOwn = Object.keys(settings.headers).some((name) => name.toLowerCase() === tokenHeader.toLowerCase());
      return isOwn ? settings : { ...settings, headers: { ...settings.headers, [tokenHeader]: token } };
    },
  },
  reasons: httpReasons,
  statusText: (status) => `HTTP ${status}`,
  evidenceLine: answerLine,
  form: {
    first: 'url',
    suggest: (input) => ({ url: withScheme(input) }),
    groups: [
      { title: 'Request', fields: ['method', 'maxRedirects', 'headers', 'sendToken', 'body'] },
      {
        title: 'Expected response',
        fields: ['expectedStatus', 'bodyContains', 'bodyNotContains', 'challengeCountsAsDown'],
      },
    ],
    isShown: (field, { method }) => field !== 'body' || (method !== 'GET' && method !== 'HEAD'),
  },
});
