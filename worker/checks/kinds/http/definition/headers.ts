import type { z } from 'zod';
import type { FieldKit } from '../../definition.ts';

/** Set by the runtime on every request, or meaningful only to one hop. https://fetch.spec.whatwg.org/#forbidden-request-header */
const reservedHeaders = [
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
  'cdn-loop',
  'cf-connecting-ip',
  'cf-ray',
  'cf-visitor',
  'cf-worker',
  // Within a zone the platform takes it for the client's address.
  'x-real-ip',
];

export const headerName = ({ z }: FieldKit) =>
  z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'A header name can contain only letters, digits and hyphens.')
    .refine(
      (name) => !reservedHeaders.includes(name.toLowerCase()),
      'The platform sets this header, so it cannot be chosen.',
    );
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
const withoutControls = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;

export const headerValue = ({ z }: FieldKit) =>
  z
    .string()
    .max(4096, 'A header value can have at most 4,096 characters.')
    .regex(withoutControls, 'A header value cannot contain line breaks or control characters.');

/** What is wrong with a name, rather than that some key does not fit. */
export const headersProblem = (issue: z.core.$ZodRawIssue) =>
  issue.code === 'invalid_key' ? issue.issues[0]?.message : 'Headers must be an object of names and values.';

/** Beyond Latin-1 `fetch` refuses a header. https://fetch.spec.whatwg.org/#headers-class (ByteString) */
export const headerValueProblem = (value: string) =>
  [...value].some((character) => character > '\u00ff')
    ? 'A header value can contain only Latin letters, digits and punctuation; encode other characters.'
    : null;
