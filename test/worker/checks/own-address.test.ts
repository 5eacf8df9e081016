import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { identityOf } from '../../../worker/checks/kinds/http/identity.ts';
import { signUp as createAccount } from '../../../worker/commands/teams/signUp.ts';
import { parseConfig } from '../../../worker/config.ts';
import { outcomeTexts } from '../../../worker/domain/checks/outcome.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { base, create, problemOf, url } from '../monitors/monitorApi.ts';
import { createClient, newEmail, password, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { asVisitor } from '../support/visitor.ts';
import { down, look, up } from './probing.ts';

const own = 'http://localhost:8788';

test.each([own, 'http://LOCALHOST:8788/healthz', 'http://127.0.0.1:8788/', 'http://[::1]:8788/', 'http://127.1:8788/'])(
  'no monitor is created for Pharos itself, nor changed to it: %s',
  async (address) => {
    const owner = await signUp();
    const refused = {
      status: 400,
      errors: [{ path: 'settings.url', message: expect.stringContaining('Pharos itself') }],
    };
    expect(await problemOf(await owner.post(base, httpMonitor({ url: address })))).toMatchObject(refused);
    const monitor = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
    expect(await problemOf(await owner.patch(`${base}/${monitor.id}`, { settings: { url: address } }))).toMatchObject(
      refused,
    );
  },
);

test('no redirect leads to Pharos itself', async () => {
  const rules = { allowPrivate: true, ownHosts: ['localhost:8788'] };
  const to = (address: string) =>
    look(`/redirect-to?url=${encodeURIComponent(address)}`, { allowPrivateTargets: rules });
  expect(await to(`${own}/healthz`)).toMatchObject(down('blocked', 302));
  expect(await to('http://127.0.0.1:8788/')).toMatchObject(down('blocked', 302));
  expect(await to(`${url}/`)).toMatchObject(up());
});

test('a probe says whose it is, which Pharos refuses under any name, and how to reach the operator', async () => {
  const identity = identityOf({ abuseContact: 'abuse@example.com', publicOrigin: own });
  const agent = 'Pharos/1.0 (+uptime monitor; abuse: abuse@example.com)';
  expect(await look('/echo', { identity, bodyContains: `"user-agent":"${agent}"` })).toMatchObject(up());
  const headers = { 'Pharos-Origin': 'https://another.example' };
  expect(await look('/echo', { identity, headers, bodyContains: `"pharos-origin":"${own}"` })).toMatchObject(up());
  const there = `${inject('target').replace('127.0.0.1', 'localhost')}/echo`;
  const redirected = `/redirect-to?url=${encodeURIComponent(there)}`;
  expect(await look(redirected, { identity, bodyContains: `"pharos-origin":"${own}"` })).toMatchObject(up());
});

test('Pharos refuses its own requests with its mark, and a probe that meets it under an unknown name is blocked', async () => {
  const identity = identityOf({ abuseContact: null, publicOrigin: own });
  const refused = await createClient().get('/healthz', { headers: identity });
  expect([refused.status, refused.headers.get('pharos-origin')]).toEqual([508, own]);
  expect(await problemOf(refused)).toMatchObject({ code: 'loop_detected' });
  expect((await createClient().get('/healthz')).headers.has('pharos-origin')).toBe(false);

  const met = `/marked/508?origin=${encodeURIComponent(own)}`;
  expect(await look(met, { identity })).toMatchObject(down('blocked', 508));
  expect(await look(met, { identity, expectedStatus: '100-599' })).toMatchObject(down('blocked', 508));
  const redirected = `/redirect-to?url=${encodeURIComponent(inject('target') + met)}`;
  expect(await look(redirected, { identity })).toMatchObject(down('blocked', 508));
  expect(outcomeTexts({ reason: 'blocked', status: 508 }).sentence).toBe(
    'This is the address of Pharos itself, which it does not check',
  );

  const others = ['/status/508', '/marked/508?origin=https://another.example'];
  for (const path of others) expect(await look(path, { identity })).toMatchObject(down('status', 508));
  expect(await look(`/marked/503?origin=${own}`, { identity })).toMatchObject(down('status', 503));
});

test('the contact is fit for a header, or the configuration is refused', () => {
  const contactOf = (ABUSE_CONTACT: string) => parseConfig({ ...env, ABUSE_CONTACT } as Env).abuseContact;
  expect(contactOf('')).toBeNull();
  expect(contactOf('https://example.com/abuse')).toBe('https://example.com/abuse');
  for (const wrong of ['a b', 'a)b@c', 'x\ny', 'ü@example.com'])
    expect(() => contactOf(wrong)).toThrow(/ABUSE_CONTACT/);
});

test.each([
  ['closed', /closed here/],
  ['example.org, example.net', /This e-mail domain cannot sign up here/],
])('SIGN_UP = "%s" refuses strangers in plain words', async (SIGN_UP, message) => {
  const config = parseConfig({ ...env, SIGN_UP } as Env);
  const around = { ...services, config };
  await expect(createAccount(asVisitor(around), { email: newEmail(), password })).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(message),
  });
  if (SIGN_UP === 'closed') return;
  const email = newEmail().replace('example.com', 'EXAMPLE.org');
  await expect(createAccount(asVisitor(around), { email, password })).resolves.toMatchObject({
    account: { user: { email: email.replace('EXAMPLE', 'example') } },
  });
});

const exhaust = async (key: string, limiter: RateLimit) => {
  for (let allowed = true; allowed; ) allowed = (await limiter.limit({ key })).success;
};

test('reads are limited by user, and all requests by address, and the answer says when to come again', async () => {
  const owner = await signUp();
  await exhaust(owner.user.id, services.readLimit);
  const refused = await owner.get(base);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
  expect((await owner.post(`${base}/none/pause`)).status).toBe(404);
  await exhaust('192.0.2.77', services.addressLimit);
  expect((await createClient('192.0.2.77').get('/api/v1/regions')).status).toBe(429);
  expect((await createClient('192.0.2.78').get('/api/v1/regions')).status).not.toBe(429);
});
