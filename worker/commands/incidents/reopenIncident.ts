import { z } from 'zod';
import { recordReopening } from '../../db/incidents/incidentActions.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { incidentChanged, incidentIdField } from './incidentChanged.ts';

/** Opens the incident again; one that is open stays as it is. Throws `not_found`, `conflict`. */
export const reopenIncident = command(
  'incident.reopen',
  { audits: 'incident.reopened' },
  z.strictObject({ incidentId: incidentIdField }),
  async (context, { incidentId }) =>
    incidentChanged(context, await recordReopening(context.services, actOn(context, incidentId))),
);
