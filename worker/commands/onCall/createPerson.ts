import { insertPerson } from '../../db/onCall/people.ts';
import { createPersonSchema } from '../../domain/onCall/person.ts';
import { command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { toPersonView } from './personView.ts';

/** Throws `invalid_request` for a channel that the team does not have, and `limit_reached`. */
export const createPerson = command(
  'person.create',
  { audits: 'person.created' },
  createPersonSchema,
  async (context, input) => {
    const { teamId, userId } = context.actor;
    const row = await insertPerson(context.services, { teamId, userId, input });
    await alertingChanged(context);
    return toPersonView(row);
  },
);
