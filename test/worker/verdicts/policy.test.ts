import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { IncidentView, MonitorView, Page } from '../../../worker/contract/views.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { type CheckPolicySettings, defaultPolicySettings } from '../../../worker/domain/verdict/checkPolicy.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { outcomeOf } from '../../outcome.ts';
import { base, create, numberOf, problemOf, url } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';

const three: Region[] = ['enam', 'weur', 'apac'];
const strict = {
  quorum: 2,
  confirmations: 1,
  recoveryConfirmations: 4,
  degradedConfirmations: 5,
  confirmationPeriodSeconds: 60,
  recoveryPeriodSeconds: 120,
  flappingChanges: 3,
  flappingWithinMinutes: 15,
} satisfies CheckPolicySettings;

let owner: Awaited<ReturnType<typeof signUp>>;
beforeAll(async () => {
  owner = await signUp();
});

const read = async (id: string) => bodyOf<MonitorView>(await owner.get(`${base}/${id}`));
const patch = (id: string, change: object) => owner.patch(`${base}/${id}`, change);

describe('the policy of a monitor', () => {
  test('has its defaults if none is given', async () => {
    expect(await create(owner)).toMatchObject(defaultPolicySettings);
  });

  test('is kept and shown as given', async () => {
    const { id } = await create(owner, strict);
    expect(await read(id)).toMatchObject(strict);
  });

  test('changes in what is given and nothing else', async () => {
    const { id } = await create(owner, { ...strict, headers: { 'X-Key': 'secret' } });
    expect((await patch(id, { quorum: 'all', confirmations: 3 })).status).toBe(200);
    expect((await patch(id, { settings: { headers: { 'X-Key': maskedSecret } }, name: 'Renamed' })).status).toBe(200);
    const expected = { ...strict, quorum: 'all', confirmations: 3, settings: { headers: { 'X-Key': maskedSecret } } };
    expect(await read(id)).toMatchObject(expected);
  });

  test.each([
    ['a quorum of 5 with 3 regions', { quorum: 5 }, 'quorum', 'Only 3 regions are selected, so at most 3 can agree.'],
    ['a confirmation of 0', { confirmations: 0 }, 'confirmations', 'Enter a whole number of checks from 1 to 8.'],
    ['a period of an hour and a second', { recoveryPeriodSeconds: 3_601 }, 'recoveryPeriodSeconds', /to 3,600/],
  ])('with %s is refused, on creation and on change', async (_, policy, path, message) => {
    const problem = {
      status: 400,
      code: 'invalid_request',
      errors: [{ path, message: typeof message === 'string' ? message : expect.stringMatching(message) }],
    };
    expect(await problemOf(await owner.post(base, httpMonitor({ url, ...policy })))).toEqual(problem);
    const { id } = await create(owner);
    expect(await problemOf(await patch(id, policy))).toEqual(problem);
    expect(await read(id)).toMatchObject(defaultPolicySettings);
  });

  test('does not fit other regions when more have to agree than are left', async () => {
    const { id } = await create(owner, { quorum: 3 });
    const problem = await problemOf(await patch(id, { regions: ['weur', 'oc'] }));
    expect(problem.errors).toEqual([
      { path: 'quorum', message: 'Only 2 regions are selected, so at most 2 can agree.' },
    ]);
    expect((await patch(id, { regions: ['weur', 'oc'], quorum: 2 })).status).toBe(200);
    expect(await read(id)).toMatchObject({ regions: ['weur', 'oc'], quorum: 2 });
  });
});

describe('a change of the policy', () => {
  const watched = async (policy: Partial<CheckPolicySettings> = {}) => {
    const key = crypto.randomUUID();
    // No check is due for an hour.
    const watching = { url: `${inject('target')}/?key=${key}`, regions: three, intervalSeconds: 3_600 };
    const { id } = await create(owner, { ...watching, ...policy });
    await expect.poll(async () => (await read(id)).regionHealth).toEqual({ enam: 'up', weur: 'up', apac: 'up' });
    const requests = async () =>
      ((await (await fetch(`${inject('target')}/requests?key=${key}`)).json()) as unknown[]).length;
    return { id, requests };
  };

  /** One region of three counts as failing: asked again it passes, but not often enough to count so soon. */
  const oneFailing = async () => {
    const { id } = await watched({ recoveryConfirmations: 8 });
    const ref = { id, number: await numberOf(id), teamId: owner.team.id };
    const now = Date.now();
    for (const after of [1, 2])
      await services.monitor(id).observe(ref, outcomeOf('apac', now + after, 'down'), 0, 'run_test');
    expect(await read(id)).toMatchObject({ verdict: 'up', regionHealth: { apac: 'down' } });
    return id;
  };

  test('with fewer regions makes the monitor down at once, and with more makes it up again', async () => {
    const id = await oneFailing();
    await patch(id, { quorum: 'any' });
    expect(await read(id)).toMatchObject({ verdict: 'down', regionHealth: { apac: 'down' } });
    const incidents = async () =>
      (await bodyOf<Page<IncidentView>>(await owner.get(`/api/v1/incidents?monitorId=${id}`))).data;
    expect((await incidents()).map((incident) => incident.state)).toEqual(['open']);
    await patch(id, { quorum: 2 });
    expect(await read(id)).toMatchObject({ verdict: 'up', regionHealth: { apac: 'down' } });
    expect((await incidents()).map((incident) => incident.state)).toEqual(['resolved']);
  });

  test('reaches its object before the change is answered, and causes no checks', async () => {
    const { id, requests } = await watched();
    await expect.poll(requests).toBe(3);
    await patch(id, { confirmationPeriodSeconds: 90, flappingChanges: 9 });
    const record = await runInDurableObject(services.monitor(id), (_, { storage }) =>
      storage.get<MonitorRecord>('monitor'),
    );
    expect(record?.settings).toMatchObject({ confirmationPeriodSeconds: 90, flappingChanges: 9 });
    // Another monitor is asked in all regions after that, so this one would have been as well.
    await watched();
    expect(await requests()).toBe(3);
  });
});
