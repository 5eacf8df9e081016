import type { Context } from 'hono';
import { policyChanged } from '../../checks/pipeline/policyChanged.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { ApiEnv } from '../http/context.ts';

/** Open dashboards ask anew who is told how. */
export const showAlertingChange = (c: Context<ApiEnv>): Promise<void> =>
  publishLiveEvent(c.var.services, c.var.actor.teamId, c.var.requestId, { type: 'channels-changed' });

/** After a change of policies: also outages that go on are told by them from now on. */
export const carryPolicies = async (c: Context<ApiEnv>): Promise<void> => {
  await policyChanged(c.var.services, c.var.actor.teamId);
  await showAlertingChange(c);
};
