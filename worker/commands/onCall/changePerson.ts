import { z } from 'zod';
import { updatePerson } from '../../db/onCall/people.ts';
import { changePersonSchema } from '../../domain/onCall/person.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { toPersonView } from './personView.ts';

/**
 * Throws `not_found`, `invalid_request` for a channel that the team does not have, and `version_conflict` where somebody else
 * changed the person since `updatedAt`.
 */
export const changePerson = command(
  'person.change',
  { audits: 'person.changed' },
  changePersonSchema.extend({ personId: z.string(), updatedAt: isoTime.optional() }),
  async (context, { personId, updatedAt: seenAt, ...change }) => {
    const row = await updatePerson(context.services, actOn(context, personId), { ...change, seenAt });
    await alertingChanged(context);
    return toPersonView(row);
  },
);
