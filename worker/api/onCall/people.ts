import { type Context, Hono } from 'hono';
import { toIsoTime, toRemovedFrom } from '../../commands/viewFields.ts';
import type { Page, PersonView, TargetDeletedView } from '../../contract/views.ts';
import {
  getPerson,
  insertPerson,
  listPeople,
  type PersonRow,
  removePerson,
  updatePerson,
} from '../../db/onCall/people.ts';
import { changePersonSchema, createPersonSchema } from '../../domain/onCall/person.ts';
import { isoTime as isoTimeField } from '../../domain/time/isoTime.ts';
import { carryPolicies, showAlertingChange } from '../escalation/alertingChange.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { validJson } from '../http/validate.ts';

/** `updatedAt` of the version that the change rests on: what somebody else changed since is not overwritten. */
const changeSchema = changePersonSchema.extend({ updatedAt: isoTimeField.optional() });

const ownId = (c: Context<ApiEnv, '/:id'>) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') });

const actOn = (c: Context<ApiEnv, '/:id'>) => ({ ...ownId(c), userId: c.var.actor.userId });

const toPersonView = ({ id, name, channels, createdAt, updatedAt }: PersonRow): PersonView => ({
  id,
  name,
  channelIds: channels,
  createdAt: toIsoTime(createdAt),
  updatedAt: toIsoTime(updatedAt),
});

/** Whom alerts are for, and the channels that reach them. */
export const people = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const rows = await listPeople(c.var.services.db, c.var.actor.teamId);
    return c.json<Page<PersonView>>({ data: rows.map(toPersonView), nextCursor: null });
  })
  .post('/', validJson(createPersonSchema), async (c) => {
    const { services, actor } = c.var;
    const row = await insertPerson(services, { ...actor, input: c.req.valid('json') });
    await showAlertingChange(c);
    c.header('location', `/api/v1/people/${row.id}`);
    return c.json<PersonView, 201>(toPersonView(row), 201);
  })
  .get('/:id', async (c) => c.json<PersonView>(toPersonView(await getPerson(c.var.services.db, ownId(c)))))
  .patch('/:id', validJson(changeSchema), async (c) => {
    const { updatedAt: seenAt, ...change } = c.req.valid('json');
    const row = await updatePerson(c.var.services, actOn(c), { ...change, seenAt });
    await showAlertingChange(c);
    return c.json<PersonView>(toPersonView(row));
  })
  .delete('/:id', async (c) => {
    const left = await removePerson(c.var.services, actOn(c));
    await carryPolicies(c);
    return c.json<TargetDeletedView>({ removedFrom: left.map(toRemovedFrom) });
  });
