import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { testMessage } from '../messages/message.ts';
import { isJson, parseTemplate, renderTemplate, templateProblem } from '../messages/template.ts';
import { webhookPayload } from '../messages/webhookPayload.ts';
import { address } from '../outbox/address.ts';
import { defineChannel } from './channel.ts';
import { isSigningSecret, newSigningSecret } from './signingSecret.ts';

const methods = ['POST', 'PUT', 'PATCH'] as const;

/** Set by the runtime, by the network that carries the request, or by Pharos for the signature. Cloudflare Access takes its tokens in `cf-access-client-…`. */
const reserved =
  /^(host|content-length|content-type|connection|transfer-encoding|upgrade|keep-alive|te|trailer|expect|via|date|cdn-loop|x-real-ip|pharos-origin|cf-(?!access-client-).*|(proxy|sec|x-forwarded)-.*|webhook-(id|timestamp|signature))$/i;

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'A header name can contain only letters, digits and hyphens.')
  .refine((name) => !reserved.test(name), 'Pharos or the network sets this header, so it cannot be chosen.');

const headerValue = z
  .string()
  .max(4096, 'A header value can have at most 4,096 characters.')
  .regex(
    /^[\t\x20-\x7e\u00a0-\u00ff]*$/,
    'A header value can contain only Latin letters, digits and punctuation, on one line.',
  );

/** Of names that are the same for HTTP, all but the first. */
const namedTwice = (headers: Record<string, string>): string[] => {
  const names = Object.keys(headers);
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_, i) => lower.indexOf(lower[i] ?? '') < i);
};

const sample = webhookPayload(
  testMessage({ teamName: 'Team', timeZone: 'UTC', dashboardUrl: 'https://p.example/' }, 0),
  'k',
);

/** Signed as https://www.standardwebhooks.com says; the id is the same in every attempt. */
const signed = (body: string, key: string, now: number, secret: string | null): Record<string, string> => ({
  'webhook-id': key,
  'webhook-timestamp': String(Math.floor(now / 1000)),
  ...(secret === null ? {} : { 'webhook-signature': new Webhook(secret).sign(key, new Date(now), body) }),
});

export const webhook = defineChannel({
  label: 'Webhook',
  help: 'Pharos sends JSON to this address. Any status from 200 to 299 confirms the delivery.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules).meta({
        label: 'Address',
        placeholder: 'https://example.com/hook',
        hint: 'Path and query may hold a key, so they are stored encrypted.',
        isSecret: true,
        showsOrigin: true,
      } satisfies FieldMeta),
      method: z
        .enum(methods, `The method must be one of ${methods.join(', ')}.`)
        .default('POST')
        .meta({ label: 'Method' } satisfies FieldMeta),
      headers: z
        .record(headerName, headerValue, {
          error: (issue) =>
            issue.code === 'invalid_key' ? issue.issues[0]?.message : 'Headers must be an object of names and values.',
        })
        .refine((headers) => Object.keys(headers).length <= 32, 'At most 32 headers.')
        .superRefine((headers, ctx) => {
          for (const name of namedTwice(headers))
            ctx.addIssue({
              code: 'custom',
              path: [name],
              message: 'This header exists already; names are not case-sensitive.',
            });
        })
        .default({})
        .meta({ label: 'Headers', hint: 'For example Authorization.', isSecret: true } satisfies FieldMeta),
      bodyTemplate: z
        .string('The template must be a string.')
        .superRefine((text, ctx) => {
          const problem = templateProblem(text, sample);
          if (problem) ctx.addIssue({ code: 'custom', message: problem });
        })
        .nullable()
        .default(null)
        .meta({
          label: 'Body',
          hint: 'JSON with values such as {{title}} or {{monitor.name}}. Empty: the complete payload.',
          placeholder: '{"text": "{{title}}"}',
          isMultiline: true,
        } satisfies FieldMeta),
      signingSecret: z
        .string()
        .trim()
        .refine(isSigningSecret, 'A signing secret is whsec_ and 24 to 64 random bytes as base64.')
        .nullable()
        .default(null)
        .meta({
          label: 'Signing secret',
          hint: 'The receiver uses it to verify that a message is from Pharos (standardwebhooks.com). Pharos creates one for a new webhook and shows it once.',
          placeholder: 'whsec_…',
          isSecret: true,
        } satisfies FieldMeta),
    }),
  made: () => ({ signingSecret: newSigningSecret() }),
  limits: { text: 131_072, unit: 'characters' },
  dedupe: 'webhook-id identifies the delivery: the receiver drops a repeated id.',
  request: (message, { url, method, headers, bodyTemplate, signingSecret }, key, { now }) => {
    const payload = webhookPayload(message, key);
    const parsed = bodyTemplate === null ? null : parseTemplate(bodyTemplate);
    const filled = parsed && 'template' in parsed ? renderTemplate(parsed.template, payload) : '';
    // Older templates may not fit every event: the receiver then gets the whole payload.
    const body = isJson(filled) ? filled : JSON.stringify(payload);
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return {
      url,
      method,
      headers: { ...own, 'content-type': 'application/json', ...signed(body, key, now, signingSecret) },
      body,
    };
  },
});
