import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sweepRecipients } from '../../../worker/alerts/outbox/askRecipients.ts';
import { sendDue } from '../../../worker/alerts/outbox/sendDue.ts';
import type {
  AccountView,
  AttemptResultView,
  ChannelView,
  DeliveryView,
  Page,
  RecipientView,
} from '../../../worker/contract/views.ts';
import { askAgainAfterMs, confirmForMs, maxAskAttempts } from '../../../worker/domain/delivery/recipient.ts';
import { createServices } from '../../../worker/services.ts';
import {
  confirmPathOf,
  fetchMailed,
  mailedEnv,
  newRun,
  readable,
  mailedServices as services,
  signUpMailed,
} from '../deliveries/mailed.ts';
import { bodyOf, createClient, newEmail, origin } from '../support/client.ts';
import { insertDelivery } from './alerting.ts';

const base = '/api/v1/channels';
let owner: Awaited<ReturnType<typeof signUpMailed>>;
let run: ReturnType<typeof newRun>;
beforeEach(async () => {
  owner = await signUpMailed();
  run = newRun();
});

const create = async (to: string[], client = owner, name = 'Mail') => {
  const response = await client.post(base, { kind: 'email', name, settings: { to } });
  expect(response.status).toBe(201);
  return bodyOf<ChannelView>(response);
};
const read = async (id: string) => bodyOf<ChannelView>(await owner.get(`${base}/${id}`));
const statesOf = async (id: string) => (await read(id)).recipients?.map(({ state }) => state);
const teamOf = async () => (await bodyOf<AccountView>(await owner.get('/api/v1/me'))).team.id;
const sendTest = async (id: string, client = owner) =>
  bodyOf<AttemptResultView>(await client.post(`${base}/${id}/test`));
const visit = (path: string, method = 'GET') =>
  fetchMailed(new Request(`${origin}${path}`, { method, headers: { origin, 'cf-connecting-ip': '10.9.8.7' } }));
const subjects = async () => (await run.mails()).map(({ data }) => /^Subject: (.*)\r$/m.exec(data)?.[1]);

const confirmation = 'Confirm that you want alerts from Pharos';

test('the attack: tests through channels of many accounts bring a stranger at most three confirmations, without a word of the team', async () => {
  const invoice = 'Your invoice is overdue: https://evil.example/pay';
  const strangers = Array.from({ length: 10 }, (_, i) => run.addressOf(`victim${i}`));
  for (let account = 0; account < 5; account++) {
    const client = createClient(undefined, fetchMailed);
    const email = newEmail();
    const signed = await client.post('/api/v1/auth/signup', {
      email,
      password: 'lantern-Orchid-92',
      teamName: invoice,
    });
    expect(signed.status).toBe(201);
    const attacker = { ...client, email };
    for (let n = 0; n < 4; n++) {
      const { id } = await create(strangers, attacker, invoice.slice(0, 80));
      for (let tests = 0; tests < 5; tests++)
        expect(await sendTest(id, attacker)).toMatchObject({ state: 'suppressed', status: null });
    }
  }
  const mails = await run.mails();
  // Ten mailboxes, three confirmations a day for each, by all teams together.
  expect(mails).toHaveLength(30);
  expect(new Set(await subjects())).toEqual(new Set([confirmation]));
  for (const mail of mails) {
    expect(mail.to).toHaveLength(1);
    expect(readable(mail.data)).not.toMatch(/invoice|evil/);
  }
});

test('tags and the dots of Gmail are one mailbox, and what stands behind a plus is not quoted', async () => {
  const spelling = (n: number) => `accept.${run.run}+pay-your-invoice-${n}@mail.example.com`;
  await create([1, 2, 3, 4, 5].map(spelling));
  const mails = await run.mails();
  expect(mails).toHaveLength(3);
  for (const { data } of mails) {
    const [, ...body] = readable(data).split('\r\n\r\n');
    expect(body.join('\n')).not.toContain('invoice');
  }
});

test('the link of the mail leads to a page whose button confirms; opening it changes nothing', async () => {
  const { id } = await create([run.addressOf('ada')]);
  expect(await read(id)).toMatchObject({
    recipients: [{ address: run.addressOf('ada'), state: 'waiting', askedAt: expect.any(String), problem: null }],
  });
  expect(await sendTest(id)).toMatchObject({
    state: 'suppressed',
    problem: `Unconfirmed recipients: ${run.addressOf('ada')}.`,
  });
  const path = confirmPathOf((await run.mails())[0]);
  const page = await visit(path);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
  const html = await page.text();
  expect(html).toContain(`<form method="post" action="${path}">`);
  expect(await statesOf(id)).toEqual(['waiting']);
  expect(await (await visit(path, 'POST')).text()).toContain('This address receives alerts');
  expect(await statesOf(id)).toEqual(['confirmed']);
  expect(await sendTest(id)).toMatchObject({ state: 'delivered', status: 250 });
  expect(await subjects()).toHaveLength(2);
});

test('a recipient who refuses is sent nothing by that team, also through another channel, and is not asked again', async () => {
  const { id } = await create([run.addressOf('ada')]);
  const path = confirmPathOf((await run.mails())[0]);
  expect(await (await visit(`${path}/refuse`, 'POST')).text()).toContain('This address receives no alerts');
  const other = await create([run.addressOf('ada').toUpperCase().replace('ACCEPT', 'accept')]);
  expect(await statesOf(other.id)).toEqual(['refused']);
  for (const channel of [id, other.id])
    expect(await sendTest(channel)).toMatchObject({
      state: 'suppressed',
      problem: expect.stringMatching(/declined/),
    });
  const again = await owner.post(`${base}/${id}/recipients/ask`, { address: run.addressOf('ada') });
  expect(again.status).toBe(409);
  expect(await run.mails()).toHaveLength(1);
});

test('a recipient who refused is not asked under another spelling of the same mailbox either', async () => {
  await create([run.addressOf('ada')]);
  await visit(`${confirmPathOf((await run.mails())[0])}/refuse`, 'POST');
  const { id } = await create([run.addressOf('ada').replace('@', '+again@')]);
  expect(await run.mails()).toHaveLength(1);
  const [recipient] = (await read(id)).recipients ?? [];
  expect(recipient).toMatchObject({ state: 'waiting', problem: expect.stringMatching(/declined/) });
  await create([run.addressOf('bob')]);
  expect(await run.mails()).toHaveLength(2);
});

test('a decision holds for one team only', async () => {
  await create([run.addressOf('ada')]);
  await visit(confirmPathOf((await run.mails())[0]), 'POST');
  const other = await signUpMailed();
  const { id } = await create([run.addressOf('ada')], other);
  expect(await sendTest(id, other)).toMatchObject({ state: 'suppressed' });
});

test('only recipients who confirmed get the message, and the others are named', async () => {
  const [ada, bob] = [run.addressOf('ada'), run.addressOf('bob')];
  const { id } = await create([ada, bob]);
  const toAda = (await run.mails()).find(({ to }) => to[0] === ada);
  await visit(confirmPathOf(toAda), 'POST');
  expect(await sendTest(id)).toMatchObject({
    state: 'delivered',
    answer: expect.stringContaining(`Unconfirmed recipients: ${bob}.`),
  });
  expect((await run.mails()).at(-1)?.to).toEqual([ada]);
});

test('an alert to nobody who confirmed is suppressed with the reason, and the channel does not count as failing', async () => {
  const { id } = await create([run.addressOf('ada')]);
  const me = await bodyOf<{ team: { id: string } }>(await owner.get('/api/v1/me'));
  const message = { monitor: { id: 'mon_x', name: 'Shop', url: 'https://shop.example/' } };
  const number = await insertDelivery({ teamId: me.team.id, channel: id });
  await env.DB.prepare('UPDATE deliveries SET message = ?2 WHERE number = ?1')
    .bind(number, JSON.stringify(message))
    .run();
  await sendDue(services, id, 'run_test');
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(data).toMatchObject([
    {
      state: 'suppressed',
      attempts: [{ state: 'suppressed', problem: expect.stringContaining('Unconfirmed recipients') }],
    },
  ]);
  expect((await read(id)).failing).toBeNull();
  expect(await subjects()).toEqual([confirmation]);
});

test('the confirmation is sent again manually, at most every ten minutes and three times a day', async () => {
  const address = run.addressOf('ada');
  const { id } = await create([address]);
  const again = () => owner.post(`${base}/${id}/recipients/ask`, { address });
  const later = () =>
    env.DB.prepare('UPDATE recipients SET asked_at = asked_at - ?1 WHERE address = ?2')
      .bind(askAgainAfterMs, address)
      .run();
  expect((await again()).status).toBe(409);
  for (let n = 0; n < 4; n++) {
    await later();
    expect((await again()).status).toBe(200);
  }
  expect(await run.mails()).toHaveLength(3);
  expect((await read(id)).recipients?.[0]?.problem).toContain('its daily limit');
  // Each of the links works.
  for (const mail of await run.mails()) expect((await visit(confirmPathOf(mail))).status).toBe(200);
});

test('nobody asks for a recipient of another team, nor for one that the channel does not have', async () => {
  const { id } = await create([run.addressOf('ada')]);
  const stranger = await signUpMailed();
  expect((await stranger.post(`${base}/${id}/recipients/ask`, { address: run.addressOf('ada') })).status).toBe(404);
  expect((await owner.post(`${base}/${id}/recipients/ask`, { address: run.addressOf('eve') })).status).toBe(404);
});

test('links expire, and made-up ones lead nowhere', async () => {
  await create([run.addressOf('ada')]);
  const path = confirmPathOf((await run.mails())[0]);
  expect((await visit(`/confirm/${'A'.repeat(43)}`)).status).toBe(404);
  expect((await visit(`${path.slice(0, -1)}`)).status).toBe(404);
  await env.DB.prepare('UPDATE recipient_tokens SET expires_at = expires_at - ?1').bind(confirmForMs).run();
  for (const method of ['GET', 'POST']) expect((await visit(path, method)).status).toBe(410);
});

test('no token is stored as it is', async () => {
  await create([run.addressOf('ada')]);
  const token =
    confirmPathOf((await run.mails())[0])
      .split('/')
      .at(-1) ?? '';
  const { results } = await env.DB.prepare('SELECT hash FROM recipient_tokens').all<{ hash: string }>();
  expect(results.length).toBeGreaterThan(0);
  expect(JSON.stringify(results)).not.toContain(token);
});

test('one confirmation of an address is valid for the account that has it, whichever channel names it next', async () => {
  const email = run.addressOf('account');
  const client = await signUpMailed(email);
  const first = await create([email], client);
  await visit(confirmPathOf((await run.mails())[0]), 'POST');
  await client.delete(`${base}/${first.id}`);
  await env.DB.prepare('DELETE FROM recipients WHERE address = ?').bind(email).run();
  const { id } = await create([email], client);
  expect(await sendTest(id, client)).toMatchObject({ state: 'delivered' });
  const stranger = await signUpMailed();
  const other = await create([email], stranger);
  expect(await sendTest(other.id, stranger)).toMatchObject({ state: 'suppressed' });
});

test('a recipient from before confirmations gets alerts for 30 days', async () => {
  const { id } = await create([run.addressOf('ada')]);
  const grace = (until: number) =>
    env.DB.prepare('UPDATE recipients SET grace_until = ?1 WHERE address = ?2').bind(until, run.addressOf('ada')).run();
  await grace(Date.now() + 60_000);
  expect((await read(id)).recipients).toMatchObject([{ state: 'waiting', receivesUntil: expect.any(String) }]);
  expect(await sendTest(id)).toMatchObject({ state: 'delivered' });
  await grace(Date.now() - 1);
  expect(await sendTest(id)).toMatchObject({ state: 'suppressed' });
});

test('a mail that the server does not take at once is tried again by the cron, and what it took is not sent twice', async () => {
  const address = `greylist.${run.run}@example.com`;
  const { id } = await create([address, run.addressOf('ada')]);
  expect((await read(id)).recipients).toMatchObject([{ problem: expect.stringContaining('450') }, { problem: null }]);
  await env.DB.prepare('UPDATE recipients SET ask_due_at = 0 WHERE ask_due_at IS NOT NULL').run();
  await Promise.all([sweepRecipients(services, 'run_a'), sweepRecipients(services, 'run_b')]);
  const row = await env.DB.prepare('SELECT ask_attempts AS n FROM recipients WHERE address = ?')
    .bind(address)
    .first('n');
  expect(row).toBe(2);
  expect(await run.mails()).toHaveLength(1);
  const asks = await env.DB.prepare('SELECT count FROM mailbox_asks WHERE mailbox = ?').bind(address).first('count');
  expect(asks).toBe(0);
});

test('without a way to send mail the channel and its test say so, and the recipients are asked once there is one', async () => {
  const without = await signUpMailed(newEmail(), { ...mailedEnv, MAIL_FROM: '', SMTP_URL: '' } as unknown as Env);
  const { id } = await create([run.addressOf('ada')], without);
  const shown = await bodyOf<ChannelView>(await without.get(`${base}/${id}`));
  expect(shown.recipients).toMatchObject([{ state: 'waiting', problem: expect.stringContaining('operator') }]);
  expect(await sendTest(id, without)).toMatchObject({
    state: 'permanent',
    problem: expect.stringContaining('operator'),
  });
  await env.DB.prepare('UPDATE recipients SET ask_due_at = 0 WHERE address = ?').bind(run.addressOf('ada')).run();
  await sweepRecipients(services, 'run_test');
  expect(await run.mails()).toHaveLength(1);
});

test('a confirmation that a daily limit kept back is sent once when the limit ends, and the view says when', async () => {
  const day = 86_400_000;
  const team = await teamOf();
  const allow = (value: number) =>
    env.DB.prepare("INSERT OR REPLACE INTO team_limits (team_id, name, value) VALUES (?1, 'emailsPerDay', ?2)")
      .bind(team, value)
      .run();
  const midnight = (Math.floor(Date.now() / day) + 1) * day;
  const sweepAt = (now: number) => sweepRecipients({ ...services, now: () => now }, 'run_test');
  await allow(1);
  const { id } = await create([run.addressOf('ada'), run.addressOf('bob')]);
  const [sent, kept] = ((await read(id)).recipients ?? []).toSorted((a) => (a.problem ? 1 : -1));
  expect(sent).toMatchObject({ problem: null, triesAgainAt: null, askedAt: expect.any(String) });
  expect(kept).toMatchObject({
    problem: expect.stringMatching(/emailsPerDay.*00:00 UTC/),
    askedAt: null,
    triesAgainAt: new Date(midnight).toISOString(),
  });
  await sweepAt(midnight - 1_000);
  expect(await run.mails()).toHaveLength(1);
  await Promise.all([sweepAt(midnight + 1_000), sweepAt(midnight + 1_000)]);
  await sweepAt(midnight + 61_000);
  expect((await run.mails()).map(({ to }) => to[0])).toEqual([sent?.address, kept?.address]);
  expect((await read(id)).recipients).toMatchObject([
    { problem: null, triesAgainAt: null },
    { problem: null, triesAgainAt: null },
  ]);
});

test('a confirmation that finds its mailbox or its team at the limit day after day ends, and says so', async () => {
  const day = 86_400_000;
  const address = run.addressOf('ada');
  await env.DB.prepare("INSERT INTO team_limits (team_id, name, value) VALUES (?1, 'emailsPerDay', 0)")
    .bind(await teamOf())
    .run();
  const { id } = await create([address]);
  const due = () =>
    env.DB.prepare('SELECT ask_due_at AS at FROM recipients WHERE address = ?').bind(address).first<number>('at');
  let days = 0;
  for (let at = await due(); at !== null && days < 30; at = await due(), days++) {
    expect(at % day).toBe(0);
    await sweepRecipients({ ...services, now: () => at }, 'run_test');
  }
  expect(days).toBe(maxAskAttempts - 1);
  expect((await read(id)).recipients).toMatchObject([{ triesAgainAt: null, problem: expect.stringMatching(/limit/) }]);
  // Nothing left, so nothing counts for the mailbox.
  expect(
    await env.DB.prepare('SELECT sum(count) AS n FROM mailbox_asks WHERE mailbox = ?').bind(address).first('n'),
  ).toBe(0);
  expect(await run.mails()).toEqual([]);
});

test('a channel that names another address has that one asked, and nobody asks for a deleted channel', async () => {
  const { id } = await create([run.addressOf('ada')]);
  await owner.patch(`${base}/${id}`, { settings: { to: [run.addressOf('bob'), run.addressOf('ada')] } });
  expect((await run.mails()).map(({ to }) => to[0])).toEqual([run.addressOf('ada'), run.addressOf('bob')]);
  await env.DB.prepare("UPDATE recipients SET ask_due_at = 0 WHERE state = 'waiting'").run();
  await owner.delete(`${base}/${id}`);
  await sweepRecipients(createServices(mailedEnv), 'run_test');
  expect(await run.mails()).toHaveLength(2);
});

test('the list of channels names the recipients of each', async () => {
  await create([run.addressOf('ada')]);
  await create([run.addressOf('bob'), run.addressOf('ada')]);
  const { data } = await bodyOf<Page<ChannelView>>(await owner.get(base));
  const named = data.map(({ recipients }) => recipients?.map(({ address }: RecipientView) => address));
  expect(named).toEqual([[run.addressOf('ada')], [run.addressOf('bob'), run.addressOf('ada')]]);
});
