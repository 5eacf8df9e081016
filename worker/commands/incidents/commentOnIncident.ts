import { recordComment } from '../../db/incidents/incidentActions.ts';
import { commentSchema } from '../../domain/incidents/incident.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { incidentChanged, incidentIdField } from './incidentChanged.ts';

/** Throws `not_found`, and `conflict` where the incident has too many comments. */
export const commentOnIncident = command(
  'incident.comment',
  { unaudited: 'the timeline of the incident shows it' },
  commentSchema.extend({ incidentId: incidentIdField }),
  async (context, { incidentId, text }) =>
    incidentChanged(context, await recordComment(context.services, { ...actOn(context, incidentId), text })),
);
