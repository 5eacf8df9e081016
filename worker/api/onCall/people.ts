import { Hono } from 'hono';
import { changePerson } from '../../commands/onCall/changePerson.ts';
import { createPerson } from '../../commands/onCall/createPerson.ts';
import { deletePerson } from '../../commands/onCall/deletePerson.ts';
import { toPersonView } from '../../commands/onCall/personView.ts';
import { targetDeletedView } from '../../contract/channels.ts';
import { page } from '../../contract/common.ts';
import { personView } from '../../contract/onCall.ts';
import { getPerson, listPeople } from '../../db/onCall/people.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';
import { bodyFor } from '../http/validate.ts';

/** People who receive alerts, and the channels that reach them. */
export const people = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const rows = await listPeople(c.var.services.db, c.var.actor.teamId);
    return reply(c, page(personView), { data: rows.map(toPersonView), nextCursor: null });
  })
  .post('/', bodyFor(createPerson), async (c) => {
    const view = await createPerson(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/people/${view.id}`);
    return reply(c, personView, view, 201);
  })
  .get('/:id', async (c) => {
    const own = { teamId: c.var.actor.teamId, id: c.req.param('id') };
    return reply(c, personView, toPersonView(await getPerson(c.var.services.db, own)));
  })
  .patch('/:id', bodyFor(changePerson, 'personId'), async (c) => {
    const input = { ...c.req.valid('json'), personId: c.req.param('id') };
    return reply(c, personView, await changePerson(c.var, input));
  })
  .delete('/:id', async (c) => reply(c, targetDeletedView, await deletePerson(c.var, { personId: c.req.param('id') })));
