import { z } from 'zod';
import { defineKind } from '../../../../../worker/checks/kinds/definition.ts';

/** Sends bytes to a port and looks for a text in what comes back: a kind that only tests have. */
export const line = defineKind({
  kind: 'line',
  label: 'Line',
  fields: () => ({
    host: z.string('Enter a host.').min(1, 'Enter a host.').meta({ label: 'Host', placeholder: 'example.com' }),
    port: z.int().min(1, 'A port is at least 1.').max(65_535, 'A port is at most 65,535.').meta({ label: 'Port' }),
    send: z.string().nullable().meta({ label: 'Send', isSecret: true, isMultiline: true }),
    expect: z.string().meta({ label: 'Expect in the answer' }),
  }),
  defaults: { send: null, expect: '' },
  schedule: { timeoutMs: 5_000 },
  secrets: { send: { type: 'text', label: 'text to send' } },
  address: ({ host, port }) => `${host}:${port}`,
  publicAddress: (address) => address,
  link: () => null,
  nameFrom: (address) => `Line at ${address}`,
  summary: ({ expect }) => ({ asks: 'One line', expects: expect || 'any answer' }),
  host: ({ host }) => host,
  destination: ({ host, port }) => `${host}:${port}`,
  contradictions: ({ send, expect }) =>
    send === null && expect
      ? [{ path: 'expect', message: 'Nothing is sent, so nothing can answer.', fields: ['send', 'expect'] }]
      : [],
  audited: ['expect'],
  reasons: {
    line_differs: { sentence: 'The line differs from what is expected', cause: 'Wrong line', short: 'wrong line' },
  },
  statusText: (status) => `${status} bytes`,
  evidenceLine: (body) =>
    body
      .split('\n')
      .find((text) => text.startsWith('received:'))
      ?.trim() ?? null,
  form: {
    first: 'host',
    suggest: (input) => {
      const [, host, port] = /^([\w.-]+):(\d+)$/.exec(input) ?? [];
      return host && port ? { host, port: Number(port) } : null;
    },
    groups: [{ title: 'Line', fields: ['port', 'send', 'expect'] }],
  },
});
