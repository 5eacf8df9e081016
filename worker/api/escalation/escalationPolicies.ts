import { Hono } from 'hono';
import { changeEscalationPolicy } from '../../commands/escalation/changeEscalationPolicy.ts';
import { createEscalationPolicy } from '../../commands/escalation/createEscalationPolicy.ts';
import { deleteEscalationPolicy } from '../../commands/escalation/deleteEscalationPolicy.ts';
import { toEscalationPolicyView, toPolicyMonitorsView } from '../../commands/escalation/escalationPolicyView.ts';
import { page } from '../../contract/common.ts';
import { escalationPolicyView, policyMonitorsView } from '../../contract/escalationPolicies.ts';
import { getEscalationPolicy, listEscalationPolicies } from '../../db/escalation/escalationPolicies.ts';
import { listPolicyMonitors } from '../../db/escalation/resolvePolicy.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';
import { bodyFor } from '../http/validate.ts';

/** The id `default` is the team's default policy. */
export const escalationPolicies = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const rows = await listEscalationPolicies(c.var.services, c.var.actor.teamId);
    return reply(c, page(escalationPolicyView), { data: rows.map(toEscalationPolicyView), nextCursor: null });
  })
  .post('/', bodyFor(createEscalationPolicy), async (c) => {
    const view = await createEscalationPolicy(c.var, c.req.valid('json'));
    c.header('location', `/api/v1/escalation-policies/${view.id}`);
    return reply(c, escalationPolicyView, view, 201);
  })
  .get('/:id', async (c) => {
    const own = { teamId: c.var.actor.teamId, id: c.req.param('id') };
    return reply(c, escalationPolicyView, toEscalationPolicyView(await getEscalationPolicy(c.var.services, own)));
  })
  .patch('/:id', bodyFor(changeEscalationPolicy, 'policyId'), async (c) => {
    const input = { ...c.req.valid('json'), policyId: c.req.param('id') };
    return reply(c, escalationPolicyView, await changeEscalationPolicy(c.var, input));
  })
  .get('/:id/monitors', async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { id } = await getEscalationPolicy(services, { teamId, id: c.req.param('id') });
    return reply(c, policyMonitorsView, toPolicyMonitorsView(await listPolicyMonitors(services.db, teamId, id)));
  })
  .delete('/:id', async (c) =>
    reply(c, policyMonitorsView, await deleteEscalationPolicy(c.var, { policyId: c.req.param('id') })),
  );
