import { expect, test } from 'vitest';
import { z } from 'zod';
import '../../../worker/app.ts'; // which loads all commands
import { type Actor, linkHolder, memberOf, recipientOf, visitorFrom } from '../../../worker/auth/actor.ts';
import { type Context, command, commands } from '../../../worker/commands/command.ts';
import { acknowledgeIncident } from '../../../worker/commands/incidents/acknowledgeIncident.ts';
import { changeIncident } from '../../../worker/commands/incidents/changeIncident.ts';
import { resolveIncident } from '../../../worker/commands/incidents/resolveIncident.ts';
import { services } from '../support/seed.ts';

const member = memberOf({ userId: 'usr_one', teamId: 'tem_one', sessionId: 'ses_one' });
const holder = linkHolder({ teamId: 'tem_one', incidentId: 'inc_one', through: 'Ops' });
const recipient = recipientOf({ teamId: 'tem_one', addressKey: 'ops@example.com' });
const visitor = visitorFrom({ network: '10.0.0.1' });
const context = (actor: unknown = member) => ({ services, requestId: 'req_test', actor }) as Context;

test('a caller other than HTTP gets the same problem for an input that does not fit', async () => {
  const input = { incidentId: 'inc_one', cause: 'x'.repeat(501), monitor: 1 } as never;
  await expect(changeIncident(context(), input)).rejects.toMatchObject({
    code: 'invalid_request',
    fields: expect.arrayContaining([
      expect.objectContaining({ path: 'cause' }),
      { path: 'monitor', message: 'Unknown field “monitor”.' },
    ]),
  });
});

test.each([
  ['the holder of a link', holder],
  ['a recipient', recipient],
  ['a visitor', visitor],
])('%s may not run a command of members', async (_, actor) => {
  await expect(resolveIncident(context(actor), { incidentId: 'inc_one' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('the holder of a link may acknowledge the incident of the link, and no other one of the team', async () => {
  await expect(acknowledgeIncident(context(holder), { incidentId: 'inc_two' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(acknowledgeIncident(context(holder), { incidentId: 'inc_one' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('permission comes before the input: a refusal says nothing about fields', async () => {
  await expect(resolveIncident(context(visitor), {} as never)).rejects.toMatchObject({ code: 'forbidden', fields: [] });
});

test.each<[string, Actor, string[]]>([
  ['the holder of a link', holder, ['incident.acknowledge']],
  ['a recipient', recipient, ['recipient.confirm', 'recipient.leave', 'recipient.refuse']],
  ['a visitor', visitor, ['account.sign-in', 'account.sign-out', 'account.sign-up', 'session.refresh']],
])('%s may run the commands of its kind', (_, actor, allowed) => {
  expect([...commands.keys()].filter((name) => actor.can(name)).toSorted()).toEqual(allowed);
  expect([...commands.keys()].filter((name) => !member.can(name))).toEqual([]);
});

test('two commands have two names', () => {
  expect(() => command('incident.resolve', { unaudited: 'a test' }, z.strictObject({}), async () => null)).toThrow(
    'Two commands have the name incident.resolve',
  );
});
