import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { MaintenanceWindowView, StatusPageView } from '../../../worker/contract/views.ts';
import { updateChannel } from '../../../worker/db/channels/channels.ts';
import { updateMaintenance } from '../../../worker/db/maintenance/maintenance.ts';
import { updateStatusPage } from '../../../worker/db/statusPages/statusPages.ts';
import { heldUntil, type QuietHours } from '../../../worker/domain/delivery/quietHours.ts';
import { weekdays } from '../../../worker/domain/time/weeklyHours.ts';
import { insertDelivery, receiverFor, seedWebhook } from '../channels/alerting.ts';
import { create } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';

/** Two people save different things in the same millisecond, and both rest on the same version. */

const at = Date.now() + 60_000;
const frozen = { ...services, now: () => at };

const prepare = async () => {
  const owner = await signUp();
  const { id: userId } = (await env.DB.prepare('SELECT user_id AS id FROM members WHERE team_id = ?')
    .bind(owner.team.id)
    .first<{ id: string }>()) ?? { id: '' };
  const names = ['First', 'Second', 'Third'];
  const monitors = await Promise.all(names.map((name) => create(owner, { name, regions: ['weur'] })));
  const [first = '', second = '', third = ''] = monitors.map(({ id }) => id);
  return { owner, teamId: owner.team.id, userId, first, both: [second, third] };
};

/** The one that was written; the other one was refused. */
const winnerOf = async <T>(changes: Promise<T>[]): Promise<T> => {
  const done = await Promise.allSettled(changes);
  const refused = done.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
  expect(refused).toMatchObject([{ code: 'version_conflict' }]);
  return done.filter((one) => one.status === 'fulfilled')[0]?.value as T;
};

test('a status page has the monitors of the one that was not refused', async () => {
  const { owner, teamId, userId, first, both } = await prepare();
  const input = { slug: `page-${crypto.randomUUID().slice(0, 8)}`, name: 'Page', monitorIds: [first] };
  const { id, updatedAt } = await bodyOf<StatusPageView>(await owner.post('/api/v1/status-pages', input));
  const seenAt = Date.parse(updatedAt);
  const change = (monitorId: string) =>
    updateStatusPage(frozen, { teamId, userId, id, seenAt, change: { name: monitorId, monitorIds: [monitorId] } });
  const { name } = await winnerOf(both.map(change));
  const page = await bodyOf<StatusPageView>(await owner.get(`/api/v1/status-pages/${id}`));
  expect(page.name).toBe(name);
  expect(page.components.map(({ monitorId }) => monitorId)).toEqual([name]);
});

test('a maintenance window has the monitors of the one that was not refused', async () => {
  const { owner, teamId, userId, first, both } = await prepare();
  const wall = (inHours: number) => new Date(Date.now() + inHours * 3_600_000).toISOString().slice(0, 16);
  const times = { startsAt: wall(1), endsAt: wall(2), timeZone: 'UTC' };
  const path = '/api/v1/maintenance-windows';
  const planned = await owner.post(path, { title: 'Work', ...times, monitorIds: [first] });
  const { id, updatedAt } = await bodyOf<MaintenanceWindowView>(planned);
  const seenAt = Date.parse(updatedAt);
  const change = (monitorId: string) =>
    updateMaintenance(frozen, { teamId, userId, id, seenAt, change: { title: monitorId, monitorIds: [monitorId] } });
  const { title } = await winnerOf(both.map(change));
  const window = await bodyOf<MaintenanceWindowView>(await owner.get(`${path}/${id}`));
  expect(window.title).toBe(title);
  expect(window.monitorIds).toEqual([title]);
});

test('held deliveries of a channel wait by the quiet hours of the change that was not refused', async () => {
  const { teamId, userId } = await prepare();
  const before = await seedWebhook(teamId, receiverFor().url);
  const number = await insertDelivery({ teamId, channel: before.id, heldForMs: 7 * 86_400_000 });
  const until = (to: string): QuietHours => ({
    ...{ timeZone: 'UTC', exceptCritical: true },
    hours: [{ days: [...weekdays], from: '00:00', to }],
  });
  const stored = { shown: before.settings, sealed: before.sealed };
  const change = (quietHours: QuietHours) =>
    updateChannel(frozen, before, { userId, name: before.name, stored, quietHours, changes: [] });
  const { quietHours } = await winnerOf(['23:58', '23:59'].map((to) => change(until(to))));
  const held = await env.DB.prepare('SELECT held_until FROM deliveries WHERE number = ?')
    .bind(number)
    .first('held_until');
  expect(held).toBe(heldUntil(quietHours, at, false) ?? at);
});
