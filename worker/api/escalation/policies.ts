import { type Context, Hono } from 'hono';
import type { EscalationPolicyView, GovernedMonitorsView, GovernedMonitorView, Page } from '../../contract/views.ts';
import {
  type EscalationPolicyRow,
  getEscalationPolicy,
  insertEscalationPolicy,
  listEscalationPolicies,
  removeEscalationPolicy,
  updateEscalationPolicy,
} from '../../db/escalation/escalationPolicies.ts';
import { type GovernedMonitor, listGoverned } from '../../db/escalation/governing.ts';
import { changeEscalationPolicySchema, createEscalationPolicySchema } from '../../domain/escalation/policySchema.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { validJson } from '../http/validate.ts';
import { toResolvedPolicyView } from '../monitors/monitorView.ts';
import { carryPolicies } from './alertingChange.ts';

type PolicyContext = Context<ApiEnv, '/:id'>;

const actOn = (c: PolicyContext) => ({ ...ownId(c), userId: c.var.actor.userId });

const ownId = (c: PolicyContext) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') });

const maxListed = 100;

const toGovernedView = ({ id, name, governing, otherwise }: GovernedMonitor): GovernedMonitorView => ({
  id,
  name,
  escalationPolicy: toResolvedPolicyView(governing),
  otherwise: otherwise && toResolvedPolicyView(otherwise),
});

const toGovernedList = (governed: readonly GovernedMonitor[]): GovernedMonitorsView => ({
  total: governed.length,
  monitors: governed.slice(0, maxListed).map(toGovernedView),
});

const toPolicyView = ({ teamId: _, createdAt, updatedAt, ...policy }: EscalationPolicyRow): EscalationPolicyView => ({
  ...policy,
  createdAt: new Date(createdAt).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
});

/** Who is told, after how long. `default` names the team's default policy. */
export const policies = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => {
    const rows = await listEscalationPolicies(c.var.services, c.var.actor.teamId);
    return c.json<Page<EscalationPolicyView>>({ data: rows.map(toPolicyView), nextCursor: null });
  })
  .post('/', validJson(createEscalationPolicySchema), async (c) => {
    const { services, actor } = c.var;
    const row = await insertEscalationPolicy(services, { ...actor, input: c.req.valid('json') });
    await carryPolicies(c);
    c.header('location', `/api/v1/policies/${row.id}`);
    return c.json<EscalationPolicyView, 201>(toPolicyView(row), 201);
  })
  .get('/:id', async (c) =>
    c.json<EscalationPolicyView>(toPolicyView(await getEscalationPolicy(c.var.services, ownId(c)))),
  )
  .patch('/:id', validJson(changeEscalationPolicySchema), async (c) => {
    const row = await updateEscalationPolicy(c.var.services, { ...actOn(c), change: c.req.valid('json') });
    await carryPolicies(c);
    return c.json<EscalationPolicyView>(toPolicyView(row));
  })
  .get('/:id/monitors', async (c) => {
    const { services, actor } = c.var;
    const { id } = await getEscalationPolicy(services, ownId(c));
    return c.json<GovernedMonitorsView>(toGovernedList(await listGoverned(services.db, actor.teamId, id)));
  })
  .delete('/:id', async (c) => {
    const governed = await removeEscalationPolicy(c.var.services, actOn(c));
    await carryPolicies(c);
    return c.json<GovernedMonitorsView>(toGovernedList(governed));
  });
