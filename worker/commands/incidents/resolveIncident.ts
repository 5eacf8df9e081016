import { z } from 'zod';
import { recordResolution } from '../../db/incidents/incidentActions.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { incidentChanged, incidentIdField } from './incidentChanged.ts';

/** Ends the incident now; one that has ended stays as it is. Throws `not_found`. */
export const resolveIncident = command(
  'incident.resolve',
  { audits: 'incident.resolved' },
  z.strictObject({ incidentId: incidentIdField }),
  async (context, { incidentId }) =>
    incidentChanged(context, await recordResolution(context.services, actOn(context, incidentId))),
);
