import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { DependenciesView, MonitorDetailView, MonitorView } from '../../../worker/contract/views.ts';
import { updateMonitor } from '../../../worker/db/monitors/updateMonitor.ts';
import { PharosError } from '../../../worker/errors.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { base, create, numberOf, problemOf } from './monitorApi.ts';

const change = (client: Client, id: string, dependsOn: unknown) => client.patch(`${base}/${id}`, { dependsOn });

const dependenciesOf = async (client: Client, id: string) =>
  bodyOf<DependenciesView>(await client.get(`${base}/${id}/dependencies`));

const refusal = (path: string, message: string) => ({
  status: 400,
  code: 'invalid_request',
  errors: [{ path, message }],
});

test('a monitor is created with what it depends on, and both say so', async () => {
  const client = await signUp();
  const database = await create(client, { name: 'Database' });
  const shop = await create(client, { name: 'Shop', dependsOn: [database.id, database.id] });
  expect([database.dependsOn, shop.dependsOn]).toEqual([[], [database.id]]);
  const read = async (id: string) => (await bodyOf<MonitorDetailView>(await client.get(`${base}/${id}`))).dependsOn;
  expect([await read(database.id), await read(shop.id)]).toEqual([[], [database.id]]);
  expect(await dependenciesOf(client, shop.id)).toEqual({
    dependsOn: [{ id: database.id, name: 'Database', verdict: expect.any(String) }],
    dependents: [],
  });
  expect(await dependenciesOf(client, database.id)).toEqual({
    dependsOn: [],
    dependents: [{ id: shop.id, name: 'Shop', verdict: expect.any(String) }],
  });
});

test('dependencies are replaced by a change that names them, and stay through one that does not', async () => {
  const client = await signUp();
  const [first, second] = [await create(client), await create(client)];
  const shop = await create(client, { dependsOn: [first.id] });
  await client.patch(`${base}/${shop.id}`, { name: 'Renamed' });
  const moved = await bodyOf<MonitorView>(await change(client, shop.id, [second.id]));
  expect(moved).toMatchObject({ name: 'Renamed', dependsOn: [second.id] });
  const both = await client.patch(`${base}/${shop.id}`, { dependsOn: [second.id, first.id], intervalSeconds: 60 });
  expect(await bodyOf<MonitorView>(both)).toMatchObject({ dependsOn: [first.id, second.id], intervalSeconds: 60 });
  expect(await bodyOf<MonitorView>(await change(client, shop.id, []))).toMatchObject({ dependsOn: [] });
});

test('a monitor cannot depend on itself, on one that leads back to it, or on what is not the team’s', async () => {
  const client = await signUp();
  const a = await create(client, { name: 'a' });
  const b = await create(client, { name: 'b', dependsOn: [a.id] });
  const c = await create(client, { name: 'c', dependsOn: [b.id] });
  const foreign = await create(await signUp());
  expect(await problemOf(await change(client, a.id, [a.id]))).toEqual(
    refusal('dependsOn.0', 'A monitor cannot depend on itself.'),
  );
  expect(await problemOf(await change(client, a.id, [b.id]))).toEqual(
    refusal('dependsOn', 'These dependencies form a cycle: a → b → a.'),
  );
  expect(await problemOf(await change(client, a.id, [c.id]))).toEqual(
    refusal('dependsOn', 'These dependencies form a cycle: a → c → b → a.'),
  );
  const unknown = 'No such monitor exists.';
  expect(await problemOf(await change(client, a.id, [foreign.id]))).toEqual(refusal('dependsOn.0', unknown));
  const created = await client.post(base, httpMonitor({ url: a.address, dependsOn: [a.id, 'mon_none'] }));
  expect(await problemOf(created)).toEqual(refusal('dependsOn.1', unknown));
  const tooMany = Array.from({ length: 21 }, (_, i) => `mon_${i}`);
  expect(await problemOf(await change(client, a.id, tooMany))).toEqual(
    refusal('dependsOn', 'A monitor depends on at most 20 others.'),
  );
  expect(await problemOf(await change(client, a.id, 5))).toEqual(
    refusal('dependsOn', 'The monitor ids must be a list.'),
  );
  expect((await dependenciesOf(client, a.id)).dependsOn).toEqual([]);
});

test('of two simultaneous changes that would close a circle together, one is refused', async () => {
  const client = await signUp();
  const teamId = client.team.id;
  const monitors = [await create(client), await create(client), await create(client)];
  const ids = monitors.map((monitor) => monitor.id);
  const changes = ids.map((id, i) =>
    updateMonitor(services, {
      teamId,
      id,
      userId: client.user.id,
      change: { dependsOn: [ids[(i + 1) % 3] as string] },
    }),
  );
  const done = await Promise.allSettled(changes);
  const refused = done.filter((one) => one.status === 'rejected').map((one) => one.reason);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(PharosError);
  expect(refused[0]).toMatchObject({ code: 'invalid_request', fields: [{ path: 'dependsOn' }] });
});

test('a monitor that is deleted leaves no dependency behind', async () => {
  const client = await signUp();
  const [top, middle] = [await create(client), await create(client)];
  await change(client, middle.id, [top.id]);
  const bottom = await create(client, { dependsOn: [middle.id, top.id] });
  const number = await numberOf(middle.id);
  await client.delete(`${base}/${middle.id}`);
  expect(await bodyOf<MonitorView>(await client.get(`${base}/${bottom.id}`))).toMatchObject({ dependsOn: [top.id] });
  const left = await env.DB.prepare('SELECT 1 FROM monitor_dependencies WHERE ?1 IN (monitor, depends_on)')
    .bind(number)
    .all();
  expect(left.results).toEqual([]);
});
