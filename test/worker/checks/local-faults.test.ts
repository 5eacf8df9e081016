import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { createLocalFaults } from '../../../worker/checks/pipeline/localFaults.ts';
import { parseConfig } from '../../../worker/config.ts';

const faultsAt = (regions: string[]) => `${inject('target')}/body/${encodeURIComponent(JSON.stringify(regions))}`;

test('probes of a region that is broken on purpose are unreachable, and those of others are made', async () => {
  const faultOf = createLocalFaults(faultsAt(['apac', 'oc']));
  expect(await faultOf('apac')).toEqual({ health: 'down', reason: 'unreachable', status: null, latencyMs: 0 });
  expect(await faultOf('weur')).toBeNull();
});

test.each([null, 'http://127.0.0.1:9/', `${inject('target')}/body/nonsense`])(
  'no region is broken where nobody says so: %s',
  async (url) => {
    expect(await createLocalFaults(url)('weur')).toBeNull();
  },
);

test('the start command is asked once a second at most', async () => {
  const key = crypto.randomUUID();
  const faultOf = createLocalFaults(`${faultsAt([])}?key=${key}`);
  await Promise.all(Array.from({ length: 20 }, () => faultOf('weur')));
  const asked = await (await fetch(`${inject('target')}/requests?key=${key}`)).json<number[]>();
  expect(asked).toHaveLength(1);
});

test.each<[what: string, vars: Record<string, string>]>([
  ['a deployed copy', { PUBLIC_ORIGIN: 'https://pharos.example.com', LOCAL_FAULTS_URL: 'http://127.0.0.1:9/' }],
  ['an address that is not of this machine', { LOCAL_FAULTS_URL: 'https://example.com/faults' }],
  ['a name that only begins like this machine', { LOCAL_FAULTS_URL: 'http://localhost.example.com/' }],
])('the configuration is refused with the switch for %s', (_, vars) => {
  expect(() => parseConfig({ ...env, ...vars })).toThrow(/only a local copy may have it/);
});

test('the configuration takes the switch in a local copy, and has none by itself', () => {
  const url = 'http://127.0.0.1:9/';
  expect(parseConfig({ ...env, LOCAL_FAULTS_URL: url } as Env).localFaultsUrl).toBe(url);
  expect(parseConfig(env).localFaultsUrl).toBeNull();
});
