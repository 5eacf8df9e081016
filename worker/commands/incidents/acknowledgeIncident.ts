import { z } from 'zod';
import type { LinkHolder, Member } from '../../auth/actor.ts';
import { recordAcknowledgement } from '../../db/incidents/incidentActions.ts';
import { PharosError } from '../../errors.ts';
import { type Context, command } from '../command.ts';
import { incidentChanged, incidentIdField } from './incidentChanged.ts';

/** Stops escalation until the incident is reopened; the first acknowledgement stays. Throws `not_found`, `conflict`, and `forbidden` for a link to a different incident. */
export const acknowledgeIncident = command(
  'incident.acknowledge',
  { unaudited: 'the timeline of the incident shows it' },
  z.strictObject({ incidentId: incidentIdField }),
  async (context: Context<Member | LinkHolder>, { incidentId: id }) => {
    const { services, actor } = context;
    const { teamId } = actor;
    if (actor.kind === 'link' && actor.incidentId !== id)
      throw new PharosError('forbidden', 'This link is for a different incident.');
    const act =
      actor.kind === 'link'
        ? { teamId, id, userId: actor.userId, through: actor.through }
        : { teamId, id, userId: actor.userId };
    return incidentChanged(context, await recordAcknowledgement(services, act));
  },
);
