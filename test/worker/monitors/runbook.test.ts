import { expect, inject, test } from 'vitest';
import type { AuditEntryView, IncidentDetailView, MonitorView, Page } from '../../../worker/contract/views.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { eventuallyStates, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { refOf, say } from '../verdicts/judged.ts';

const runbookUrl = 'https://wiki.example.com/shop?page=down';

test('a runbook is kept, shown, changed and taken away, and the trail says that it changed but not to what', async () => {
  const owner = await signUp();
  const url = `${inject('target')}/`;
  const made = await bodyOf<MonitorView>(await owner.post('/api/v1/monitors', httpMonitor({ url, runbookUrl })));
  expect(made.runbookUrl).toBe(runbookUrl);
  const path = `/api/v1/monitors/${made.id}`;
  await owner.patch(path, { name: 'Shop' });
  expect((await bodyOf<MonitorView>(await owner.get(path))).runbookUrl).toBe(runbookUrl);
  await owner.patch(path, { runbookUrl: 'https://wiki.example.com/other' });
  await owner.patch(path, { runbookUrl: null });
  expect((await bodyOf<MonitorView>(await owner.get(path))).runbookUrl).toBe(null);
  expect((await bodyOf<MonitorView>(await owner.post('/api/v1/monitors', httpMonitor({ url })))).runbookUrl).toBe(null);
  const { data } = await bodyOf<Page<AuditEntryView>>(await owner.get('/api/v1/audit'));
  const changes = data.filter(({ action }) => action === 'monitor.changed').flatMap((entry) => entry.changes);
  expect(changes.filter(({ field }) => field === 'runbookUrl')).toEqual([
    { field: 'runbookUrl' },
    { field: 'runbookUrl' },
  ]);
  expect(JSON.stringify(data)).not.toContain('wiki.example.com');
});

test('a runbook that no browser should open is refused with the field that it is', async () => {
  const owner = await signUp();
  const refused = await owner.post(
    '/api/v1/monitors',
    httpMonitor({ url: `${inject('target')}/`, runbookUrl: 'javascript:alert(1)' }),
  );
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ errors: [{ path: 'runbookUrl' }] });
});

test('alerts and the incident lead to the runbook, and the message that it is over does not', async () => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const hook = receiverFor();
  await seedWebhook(teamId, hook.url);
  const seeded = await seedMonitor(teamId);
  await say(seeded, 0, 'up');
  expect((await owner.patch(`/api/v1/monitors/${refOf(seeded).id}`, { runbookUrl })).status).toBe(200);
  await say(seeded, 0, 'down');
  await eventuallyStates(teamId, ['down delivered']);
  await say(seeded, 0, 'up');
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);
  const [down, over] = (await hook.received()).map(({ body }) => body);
  expect(down.monitor.runbookUrl).toBe(runbookUrl);
  expect(down.text).toContain(`Open the runbook: ${runbookUrl}`);
  expect(over.text).not.toContain('runbook');
  const incident = await bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${down.incident.id}`));
  expect(incident.runbookUrl).toBe(runbookUrl);
});
