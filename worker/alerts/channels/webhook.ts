import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { address } from '../address.ts';
import { testMessage } from '../message.ts';
import { parseTemplate, renderTemplate, templateProblem } from '../template.ts';
import { webhookPayload } from '../webhookPayload.ts';
import { defineChannel, type FieldMeta } from './channel.ts';

const methods = ['POST', 'PUT', 'PATCH'] as const;

/** Set by the runtime, or by Pharos for the signature. */
const reserved =
  /^(host|content-length|connection|transfer-encoding|upgrade|keep-alive|te|trailer|expect|cf-worker|content-type|webhook-(id|timestamp|signature))$/i;

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'A header name holds letters, digits and hyphens only.')
  .refine((name) => !reserved.test(name), 'This header is set by Pharos and cannot be chosen.');

const headerValue = z
  .string()
  .max(4096, 'A header value is at most 4,096 characters long.')
  .regex(/^[\t\x20-\x7e\u00a0-\u00ff]*$/, 'A header value holds Latin letters, digits and signs on one line.');

const sample = webhookPayload(
  testMessage({ teamName: 'Team', timeZone: 'UTC', dashboardUrl: 'https://p.example/' }, 0),
  'k',
);

/** 24 to 64 bytes. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const isSigningSecret = (text: string) => {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
  return bytes >= 24 && bytes <= 64 && base64.length % 4 === 0;
};

/** Signed as https://www.standardwebhooks.com says; the id is the same in every attempt. */
const signed = (body: string, key: string, now: number, secret: string | null): Record<string, string> => ({
  'webhook-id': key,
  'webhook-timestamp': String(Math.floor(now / 1000)),
  ...(secret === null ? {} : { 'webhook-signature': new Webhook(secret).sign(key, new Date(now), body) }),
});

export const webhook = defineChannel({
  label: 'Webhook',
  help: 'Pharos sends JSON to the address. Answer with any status from 200 to 299 to say that it arrived.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules).meta({ label: 'Address', placeholder: 'https://example.com/hook' } satisfies FieldMeta),
      method: z
        .enum(methods, `Choose one of ${methods.join(', ')}.`)
        .default('POST')
        .meta({ label: 'Method' } satisfies FieldMeta),
      headers: z
        .record(headerName, headerValue, {
          error: (issue) =>
            issue.code === 'invalid_key' ? issue.issues[0]?.message : 'Headers are an object from names to values.',
        })
        .refine((headers) => Object.keys(headers).length <= 32, 'At most 32 headers.')
        .default({})
        .meta({ label: 'Headers', hint: 'For example Authorization.', isSecret: true } satisfies FieldMeta),
      bodyTemplate: z
        .string('The template is a text.')
        .superRefine((text, ctx) => {
          const problem = templateProblem(text, sample);
          if (problem) ctx.addIssue({ code: 'custom', message: problem });
        })
        .nullable()
        .default(null)
        .meta({
          label: 'Body',
          hint: 'JSON with values such as {{title}} or {{monitor.name}}. Empty: everything that is known.',
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
          hint: 'The receiver checks with it that a message is from Pharos (standardwebhooks.com).',
          placeholder: 'whsec_…',
          isSecret: true,
        } satisfies FieldMeta),
    }),
  limits: { text: 131_072, unit: 'characters' },
  dedupe: 'webhook-id names the delivery: a receiver drops an id that it has seen.',
  request: (message, { url, method, headers, bodyTemplate, signingSecret }, key, { now }) => {
    const payload = webhookPayload(message, key);
    const parsed = bodyTemplate === null ? null : parseTemplate(bodyTemplate);
    const body = parsed && 'template' in parsed ? renderTemplate(parsed.template, payload) : JSON.stringify(payload);
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return {
      url,
      method,
      headers: { ...own, 'content-type': 'application/json', ...signed(body, key, now, signingSecret) },
      body,
    };
  },
});
