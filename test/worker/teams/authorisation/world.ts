import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { hashOfConfirmToken } from '../../../../worker/auth/confirmToken.ts';
import { signLeaveToken } from '../../../../worker/auth/leaveToken.ts';
import type { SessionView } from '../../../../worker/contract/views.ts';
import { insertDelivery, receiverFor, seedMonitor } from '../../channels/alerting.ts';
import { tokenOf } from '../../incidents/acknowledging.ts';
import { bodyOf, createClient, password, signUp } from '../../support/client.ts';
import { services } from '../../support/seed.ts';

export type Caller = 'visitor' | 'stranger' | 'owner';

const hour = 3_600_000;
const day = 24 * hour;

/** Everything that a team can have, one of each, all of it at rest: only a request changes it. */
export const seedWorld = async () => {
  const owner = await signUp();
  const made = async (path: string, body: unknown): Promise<string> => {
    const response = await owner.post(`/api/v1${path}`, body);
    expect([path, response.status]).toEqual([path, 201]);
    return (await bodyOf<{ id: string }>(response)).id;
  };
  const team = owner.team.id;
  const cohort = await seedMonitor(team);
  const [{ id: monitor, number }] = cohort.monitors as [{ id: string; number: number }];
  const now = Date.now();
  await env.DB.prepare('UPDATE monitors SET created_at = ?2 WHERE number = ?1')
    .bind(number, now - 2 * day)
    .run();
  const incident = await open(team, number, now);
  const channel = await made('/channels', {
    kind: 'webhook',
    name: 'Hook of the other team',
    settings: { url: receiverFor().url, headers: { authorization: 'secret-of-the-other-team' } },
  });
  const recipient = `recipient-${crypto.randomUUID()}@example.com`;
  const mailChannel = await made('/channels', {
    kind: 'email',
    name: 'Mail of the other team',
    settings: { to: [recipient] },
  });
  const confirmToken = await tokenFor(team, recipient, now);
  const person = await made('/people', { name: 'Person of the other team', channelIds: [channel] });
  const standIn = await made('/people', { name: 'Stand-in of the other team' });
  const layer = {
    name: 'Layer of the other team',
    participants: [person],
    startsAt: '2026-01-05T09:00',
    rotation: { count: 1, unit: 'weeks' },
  };
  const schedule = await made('/on-call', { name: 'Schedule of the other team', timeZone: 'UTC', layers: [layer] });
  const span = { from: new Date(now + day).toISOString(), to: new Date(now + 2 * day).toISOString() };
  const stood = await owner.post(`/api/v1/on-call/${schedule}/overrides`, { personId: standIn, ...span });
  const { overrides, calendarUrl } = await bodyOf<{ overrides: [{ id: string }]; calendarUrl: string }>(stood);
  const tomorrow = new Date(now + day).toISOString().slice(0, 10);
  const policy = await made('/escalation-policies', {
    name: 'Policy of the other team',
    steps: [{ afterSeconds: 0, targets: [{ type: 'channel', id: channel }] }],
  });
  const window = await made('/maintenance-windows', {
    title: 'Window of the other team',
    ...{ startsAt: `${tomorrow}T02:00`, endsAt: `${tomorrow}T04:00`, timeZone: 'UTC', rrule: 'FREQ=DAILY' },
    monitorIds: [monitor],
  });
  return {
    session: await otherSession(owner),
    ...{ mailChannel, recipient, confirmToken },
    leaveToken: await signLeaveToken({ teamId: team, addressKey: recipient }, services.config.sessionSecret),
    ...{ owner, team, monitor, incident, channel, person, standIn, schedule, policy, window, layer, tomorrow },
    override: overrides[0].id,
    calendarPath: new URL(calendarUrl).pathname,
    reclassification: await reclassify(owner, monitor, now),
    delivery: await deliver(team, channel, number),
    digest: await deliver(team, channel, 0, 'digest'),
    statusPage: await made('/status-pages', {
      name: 'Page of the other team',
      slug: `page-${crypto.randomUUID().slice(0, 8)}`,
      monitorIds: [monitor],
    }),
    occurrence: `${tomorrow}T02:00:00.000Z`,
    link: await linkFor(team, incident, channel),
    forCaller: {
      visitor: await linksFor(owner, channel, now),
      stranger: await linksFor(owner, channel, now),
      owner: await linksFor(owner, channel, now),
    } satisfies Record<Caller, unknown>,
    period: { from: new Date(now - 5 * hour).toISOString(), to: new Date(now - 4 * hour).toISOString() },
  };
};

/** A second session of the owner. */
const otherSession = async (owner: Awaited<ReturnType<typeof signUp>>) => {
  const { status } = await createClient().post('/api/v1/auth/signin', { email: owner.user.email, password });
  expect(status).toBe(200);
  const { data } = await bodyOf<{ data: SessionView[] }>(await owner.get('/api/v1/me/sessions'));
  return data.find(({ isCurrent }) => !isCurrent)?.id ?? 'none';
};

const open = async (team: string, monitor: number, now: number) => {
  const id = `inc_${crypto.randomUUID()}`;
  await env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
     VALUES (?1, ?2, ?3, ?4, ?4, 'status', '[]')`,
  )
    .bind(id, team, monitor, now - hour)
    .run();
  return id;
};

/** Of a delivery that is no part of the escalation: nobody is notified of the acknowledgement. */
const linkFor = async (teamId: string, incident: string, channel: string) =>
  tokenOf(await insertDelivery({ teamId, incident, channel, state: 'delivered' }));

const tokenFor = async (team: string, recipient: string, now: number) => {
  const token = btoa(crypto.randomUUID()).slice(0, 43).replaceAll(/[+/=]/g, '_');
  await env.DB.prepare('INSERT INTO recipient_tokens (hash, team_id, address_key, expires_at) VALUES (?1, ?2, ?3, ?4)')
    .bind(await hashOfConfirmToken(token), team, recipient, now + day)
    .run();
  return token;
};

/** What a link changes is changed once: each caller has an incident and a recipient of their own. */
const linksFor = async (owner: Awaited<ReturnType<typeof signUp>>, channel: string, now: number) => {
  const team = owner.team.id;
  const [monitor] = (await seedMonitor(team)).monitors;
  const incident = await open(team, monitor?.number ?? 0, now);
  // As an outage leaves it: what its object reads of the incident changes nothing.
  await env.DB.prepare(
    `UPDATE monitors SET verdict = 'down', verdict_since = ?2, region_health = '{}' WHERE number = ?1`,
  )
    .bind(monitor?.number, now - hour)
    .run();
  const recipient = `linked-${crypto.randomUUID()}@example.com`;
  const response = await owner.post('/api/v1/channels', {
    kind: 'email',
    name: 'Linked',
    settings: { to: [recipient] },
  });
  expect(response.status).toBe(201);
  const { id: mailChannel } = await bodyOf<{ id: string }>(response);
  return {
    ...{ incident, recipient, mailChannel },
    leaveToken: await signLeaveToken({ teamId: team, addressKey: recipient }, services.config.sessionSecret),
    link: await linkFor(team, incident, channel),
    confirmToken: await tokenFor(team, recipient, now),
  };
};

export type World = Awaited<ReturnType<typeof seedWorld>>;

const reclassify = async (owner: Awaited<ReturnType<typeof signUp>>, monitor: string, now: number) => {
  const times = { from: new Date(now - 26 * hour).toISOString(), to: new Date(now - 25 * hour).toISOString() };
  const response = await owner.post(`/api/v1/monitors/${monitor}/reclassifications`, {
    ...times,
    as: 'maintenance',
    reason: 'Reason of the other team',
  });
  expect(response.status).toBe(201);
  return (await bodyOf<{ id: string }>(response)).id;
};

const deliver = async (teamId: string, channel: string, monitor: number, event?: 'digest') => {
  const number = await insertDelivery({ teamId, channel, monitor, state: 'failed', event });
  if (event === 'digest')
    await env.DB.prepare(`UPDATE deliveries SET message = json_set(message, '$.alerts', 2) WHERE number = ?`)
      .bind(number)
      .run();
  return (
    (await env.DB.prepare('SELECT id FROM deliveries WHERE number = ?').bind(number).first<string>('id')) ?? 'none'
  );
};

/**
 * Rows of all tables that name none of `strangers`: whatever a stranger does leaves them as they are. Failed sign-ins are
 * counted under hashes that name nobody.
 */
export const rowsOfOthers = async (strangers: readonly string[]): Promise<string[]> => {
  const { results: tables } = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
       AND name NOT LIKE 'd1_%' AND name NOT IN ('sign_in_failures') ORDER BY name`,
  ).all<{ name: string }>();
  const contents = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`)));
  return contents
    .flatMap(({ results }, i) => results.map((row) => `${tables[i]?.name} ${JSON.stringify(row)}`))
    .filter((row) => !strangers.some((id) => row.includes(id)))
    .sort();
};

export const visitor = () => createClient();
