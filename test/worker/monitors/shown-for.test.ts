import { beforeAll, expect, test } from 'vitest';
import type { MonitorView } from '../../../worker/contract/views.ts';
import { signUp } from '../support/client.ts';
import { base, create, problemOf } from './monitorApi.ts';

let owner: Awaited<ReturnType<typeof signUp>>;
let shown: MonitorView;
let other: MonitorView;
beforeAll(async () => {
  owner = await signUp();
  shown = await create(owner, { name: 'Shown' });
  other = await create(owner, { name: 'Other' });
});
const from = (id: string) => ({ headers: { 'pharos-shown-for': id } });

test('a change of another monitor than the page shows is refused and changes nothing', async () => {
  for (const ask of [
    () => owner.post(`${base}/${other.id}/pause`, undefined, from(shown.id)),
    () => owner.post(`${base}/${other.id}/check`, undefined, from(shown.id)),
    () => owner.patch(`${base}/${other.id}`, { name: 'Renamed' }, from(shown.id)),
    () => owner.delete(`${base}/${other.id}`, from(shown.id)),
  ])
    expect(await problemOf(await ask())).toMatchObject({ status: 409, code: 'conflict' });
  expect(await (await owner.get(`${base}/${other.id}`)).json()).toMatchObject({
    name: 'Other',
    updatedAt: other.updatedAt,
  });
});

test('a change of the monitor that the page shows, of things of another kind, and from any other page, is made', async () => {
  for (const page of [shown.id, 'inc_0000', 'default', '']) {
    const changed = await owner.post(`${base}/${shown.id}/pause`, undefined, from(page));
    expect(changed.status).toBe(200);
  }
});
