import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import { storeSettings } from '../../worker/alerts/channels/secrets.ts';
import { createChannel, newChannelId } from '../../worker/db/channels.ts';
import type { Plan, Received } from '../provided.ts';
import { services } from './seed.ts';

export const signingSecret = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;

/** An address of the local receiver, and what came in there. */
export const receiverFor = (plan: Plan = { does: 'answer' }) => {
  const run = crypto.randomUUID();
  const path = btoa(JSON.stringify(plan)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const received = async () => {
    const all = (await (await fetch(`${inject('receiver')}/${run}/received`)).json()) as Received[];
    return all.map(({ headers, body }) => ({ headers, text: atob(body), body: JSON.parse(atob(body)) }));
  };
  return { url: `${inject('receiver')}/${run}/${path}/hook`, received };
};

/** A webhook of the team, which joins its default policy. */
export const seedWebhook = async (teamId: string, url: string) => {
  const id = newChannelId();
  const settings = { url, method: 'POST', headers: {}, bodyTemplate: null, signingSecret };
  const stored = await storeSettings('webhook', id, settings, services.config.encryptionKey);
  return createChannel(services, { id, teamId, kind: 'webhook', name: 'Hook', stored, join: true });
};

export interface DeliveryState {
  id: string;
  event: string;
  state: string;
  attempts: number;
  tries: number;
}

/** In the order in which they were made. */
export const deliveriesOf = async (teamId: string): Promise<DeliveryState[]> => {
  const { results } = await env.DB.prepare(
    `SELECT id, event, state, attempts, (SELECT count(*) FROM delivery_attempts WHERE delivery = d.number) AS tries
     FROM deliveries AS d WHERE team_id = ? ORDER BY number`,
  )
    .bind(teamId)
    .all<DeliveryState>();
  return results;
};

export const statesOf = async (teamId: string) =>
  (await deliveriesOf(teamId)).map(({ event, state }) => `${event} ${state}`);
