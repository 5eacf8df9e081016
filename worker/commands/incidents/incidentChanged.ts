import { z } from 'zod';
import type { Actor } from '../../auth/actor.ts';
import { notifyMonitors } from '../../checks/pipeline/notifyMonitors.ts';
import type { IncidentDetailView } from '../../contract/views.ts';
import type { IncidentRow } from '../../db/incidents/incidents.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Context } from '../command.ts';
import { readIncidentDetail } from './incidentView.ts';

/** In a command's input: the incident of the command. */
export const incidentIdField = z.string();

/** Makes escalation and open dashboards follow a change. Resolves to the incident after the change. */
export const incidentChanged = async (
  { services, requestId }: Context<Actor>,
  { incident, changed }: { incident: IncidentRow; changed: boolean },
): Promise<IncidentDetailView> => {
  const { id, teamId, monitorId, monitor: number, resolvedAt } = incident;
  if (changed) {
    await notifyMonitors(services, [{ id: monitorId, number, teamId }], requestId);
    const state = resolvedAt === null ? 'open' : 'resolved';
    await publishLiveEvent(services, teamId, requestId, { type: 'incident', incidentId: id, monitorId, state });
  }
  return readIncidentDetail(services, { teamId, id });
};
