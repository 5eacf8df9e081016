import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import { storeSettings } from '../../../worker/alerts/channels/secrets.ts';
import { sweepDeliveries } from '../../../worker/alerts/outbox/sweep.ts';
import { insertChannel, newChannelId } from '../../../worker/db/channels/channels.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import type { DeliveryState } from '../../../worker/domain/escalation/delivery.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import type { Plan, Received } from '../../provided.ts';
import { eventually, seedCohort, services } from '../support/seed.ts';

export const signingSecret = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;

/** An address of the local receiver, and the requests that it received. */
export const receiverFor = (plan: Plan = { does: 'answer' }) => {
  const run = crypto.randomUUID();
  const path = btoa(JSON.stringify(plan)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const received = async () => {
    const all = (await (await fetch(`${inject('receiver')}/${run}/received`)).json()) as Received[];
    return all.map(({ headers, body }) => ({ headers, text: atob(body), body: JSON.parse(atob(body)) }));
  };
  return { url: `${inject('receiver')}/${run}/${path}/hook`, received };
};

/** A channel of the team, which joins its default policy unless asked not to. */
export const seedChannel = async (
  teamId: string,
  kind: ChannelKind,
  settings: Record<string, unknown>,
  { join } = { join: true },
) => {
  const id = newChannelId();
  const stored = await storeSettings(kind, id, settings, services.config.encryptionKey);
  return insertChannel(services, { id, teamId, userId: 'usr_seed', kind, name: 'Hook', stored, join });
};

export const seedWebhook = (teamId: string, url: string, more = { join: true }) =>
  seedChannel(teamId, 'webhook', { url, method: 'POST', headers: {}, bodyTemplate: null, signingSecret }, more);

export interface StoredDelivery {
  id: string;
  event: string;
  state: string;
  attempts: number;
  tries: number;
}

/** In the order in which they were made. */
export const deliveriesOf = async (teamId: string): Promise<StoredDelivery[]> => {
  const { results } = await env.DB.prepare(
    `SELECT id, event, state, attempts, (SELECT count(*) FROM delivery_attempts WHERE delivery = d.number) AS tries
     FROM deliveries AS d WHERE team_id = ? ORDER BY number`,
  )
    .bind(teamId)
    .all<StoredDelivery>();
  return results;
};

export const statesOf = async (teamId: string) =>
  (await deliveriesOf(teamId)).map(({ event, state }) => `${event} ${state}`);

/** A monitor that one check turns, so that the first one that fails is an outage; of the team, or of a team of its own. */
export const seedMonitor = async (teamId?: string, regions?: Region[]) => {
  const createdAt = Date.now() - 60_000;
  const seeded = await seedCohort({ urls: [`${inject('target')}/`], createdAt, ...(regions && { regions }) });
  const own = teamId ?? seeded.teamId;
  await env.DB.prepare(
    `UPDATE monitors SET confirmations = 1, recovery_confirmations = 1, degraded_confirmations = 1, team_id = ?2
     WHERE cohort = ?1`,
  )
    .bind(seeded.cohort, own)
    .run();
  return { ...seeded, teamId: own };
};

export const eventuallyStates = (teamId: string, expected: string[]) =>
  eventually(
    () => statesOf(teamId),
    (states) => JSON.stringify(states) === JSON.stringify(expected),
  );

/** Makes waiting deliveries due at once, without a wake-up: the sweep finds them. */
export const hurry = async (teamId: string) => {
  await env.DB.prepare('UPDATE deliveries SET next_attempt_at = 0 WHERE team_id = ? AND settled_at IS NULL')
    .bind(teamId)
    .run();
  await sweepDeliveries(services);
};

/** So much time passes for the advisories of a monitor: its alarm comes. */
export const passAdvisory = async (monitorId: string, seconds: number) => {
  const stub = services.monitor(monitorId);
  await runInDurableObject(stub, async (_, { storage }) => {
    const record = await storage.get<MonitorRecord>('monitor');
    if (!record) throw new Error('Nothing is known of the monitor.');
    const earlier = (at: number | null) => at && at - seconds * 1000;
    const seen = Object.entries(record.advisory.seen).map(([problem, { since, goneSince }]) => [
      problem,
      { since: earlier(since), goneSince: earlier(goneSince) },
    ]);
    const advisory = { ...record.advisory, seen: Object.fromEntries(seen) };
    const escalation = record.escalation && { ...record.escalation, since: earlier(record.escalation.since) };
    await storage.put('monitor', { ...record, advisory, escalation, wakeAt: Date.now() });
    await storage.setAlarm(Date.now() + 60_000);
  });
  await runDurableObjectAlarm(stub);
};

/** So much time passes for the escalation of a monitor: its alarm comes. */
export const pass = async (monitorId: string, seconds: number) => {
  await runInDurableObject(services.monitor(monitorId), async (_, { storage }) => {
    const record = await storage.get<MonitorRecord>('monitor');
    if (!record?.escalation) throw new Error('Nothing escalates.');
    const { escalation } = record;
    const earlier = (at: number) => at - seconds * 1000;
    const { roundAt, remindedAt } = escalation.state;
    const state = { ...escalation.state, roundAt: earlier(roundAt), remindedAt: earlier(remindedAt) };
    await storage.put('monitor', { ...record, escalation: { ...escalation, state }, wakeAt: Date.now() });
  });
  await runDurableObjectAlarm(services.monitor(monitorId));
};

export interface GivenDelivery {
  dueAgo?: number;
  state?: DeliveryState;
  heldForMs?: number;
  settledAgo?: number;
  dedupKey?: string;
  incident?: string;
  teamId?: string;
  channel?: string;
  monitor?: number;
  digest?: number;
  event?: string;
  /** When its last attempt began, in ms before now. */
  triedAgo?: number;
}

/** Straight into the table, as if it had come about; answers its number. */
export const insertDelivery = async ({
  dueAgo = 0,
  state = 'waiting',
  heldForMs,
  settledAgo = 0,
  dedupKey = 'inc_x',
  incident,
  teamId = 'team_x',
  channel = 'chn_x',
  monitor = 1,
  digest,
  event = 'down',
  triedAgo,
}: GivenDelivery): Promise<number> => {
  const now = Date.now();
  const isSettled = state !== 'waiting' && state !== 'sending';
  const row = await env.DB.prepare(
    `INSERT INTO deliveries (id, team_id, monitor, dedup_key, incident, channel, round, step, state, held_until,
       message, created_at, next_attempt_at, settled_at, digest, event, tried_at)
     VALUES (?1, ?2, ?13, ?3, ?4, ?12, 0, 0, ?5, ?6, '{}', ?7, ?7, ?8, ?9, ?10, ?11) RETURNING number`,
  )
    .bind(
      crypto.randomUUID(),
      ...[teamId, dedupKey, incident ?? null, state, heldForMs === undefined ? null : now + heldForMs],
      ...[now - dueAgo, isSettled ? now - settledAgo : null, digest ?? null],
      ...[event, triedAgo === undefined ? null : now - triedAgo, channel, monitor],
    )
    .first<{ number: number }>();
  return row?.number ?? 0;
};

export interface PagerDutyEvent {
  event_action: string;
  dedup_key: string;
  payload: { summary: string };
}

/** The responses of PagerDuty from now on. */
export const pagerDuty = (answers = (_: PagerDutyEvent) => 202) => {
  const events: PagerDutyEvent[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (!String(input).startsWith('https://events.pagerduty.com/')) return fetch(input, init);
    const event = JSON.parse(String(init?.body)) as PagerDutyEvent;
    const status = answers(event);
    if (status === 202) events.push(event);
    return Response.json({ status: status === 202 ? 'success' : 'error' }, { status });
  };
  return events;
};

export interface VendorRequest {
  path: string;
  body: Record<string, unknown>;
}

/** What a vendor at this origin is sent from now on, and answers: by default as it documents. */
export const vendorAt = (origin: string, answers: (request: VendorRequest) => Response | Promise<Response>) => {
  const requests: VendorRequest[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) return fetch(input, init);
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Record<string, unknown>;
    const request = { path: url.pathname, body };
    requests.push(request);
    return answers(request);
  };
  return requests;
};
