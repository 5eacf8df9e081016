import { describeIncident } from '../../db/incidents/describeIncident.ts';
import { changeIncidentSchema } from '../../domain/incidents/incident.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { incidentChanged, incidentIdField } from './incidentChanged.ts';

/** Writes cause and post-mortem. Throws `not_found`, and `version_conflict` where they were written since `describedAt`. */
export const changeIncident = command(
  'incident.change',
  { unaudited: 'the timeline of the incident shows it' },
  changeIncidentSchema.safeExtend({ incidentId: incidentIdField }),
  async (context, { incidentId, describedAt: seenAt, ...change }) =>
    incidentChanged(
      context,
      await describeIncident(context.services, { ...actOn(context, incidentId), ...change, seenAt }),
    ),
);
