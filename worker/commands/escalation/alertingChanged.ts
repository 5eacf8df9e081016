import type { Member, Recipient } from '../../auth/actor.ts';
import { notifyTeamMonitors } from '../../checks/pipeline/notifyTeamMonitors.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Context } from '../command.ts';

/** Makes open dashboards refetch channels, escalation policies, people and on-call schedules. */
export const alertingChanged = ({ services, actor, requestId }: Context<Member | Recipient>): Promise<void> =>
  publishLiveEvent(services, actor.teamId, requestId, { type: 'channels-changed' });

/** After a change of escalation policies: alerts of ongoing outages follow them from now on. */
export const escalationPoliciesChanged = async (context: Context): Promise<void> => {
  await notifyTeamMonitors(context.services, context.actor.teamId, context.requestId);
  await alertingChanged(context);
};
