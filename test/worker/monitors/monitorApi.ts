import { env } from 'cloudflare:workers';
import { expect, inject } from 'vitest';
import type { MonitorListItem, MonitorView, Page } from '../../../worker/contract/views.ts';
import type { FieldProblem } from '../../../worker/errors.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { bodyOf, type Client } from '../support/client.ts';

export const url = inject('target');
export const base = '/api/v1/monitors';

/** Creates a monitor of the target server over the API. */
export const create = async (client: Client, input: Record<string, unknown> = {}) => {
  const response = await client.post(base, httpMonitor({ url, ...input }));
  expect(response.status).toBe(201);
  return bodyOf<MonitorView>(response);
};

export const list = async (client: Client, query = '') =>
  bodyOf<Page<MonitorListItem>>(await client.get(`${base}${query}`));

export const problemOf = async (response: Response) => {
  const { code, errors } = await bodyOf<{ code: string; errors: FieldProblem[] }>(response);
  return { status: response.status, code, errors };
};

export const numberOf = async (id: string) =>
  (await env.DB.prepare('SELECT number FROM monitors WHERE id = ?').bind(id).first<number>('number')) ?? 0;
