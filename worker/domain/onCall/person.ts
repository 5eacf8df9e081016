import { z } from 'zod';
import { nameField } from '../fields/name.ts';

/** A recipient of alerts, with or without an account: a name, and the channels that reach the person. */

const maxChannelsOfPerson = 10;

const fields = {
  name: nameField('person'),
  /** All of them are notified. Without any, nobody is. */
  channelIds: z
    .array(
      z.string('The id of a channel is required.').max(64, 'This is not a valid id.'),
      'The channels must be a list of ids.',
    )
    .max(maxChannelsOfPerson, `At most ${maxChannelsOfPerson} channels.`)
    .transform((ids) => [...new Set(ids)]),
};

export const createPersonSchema = z.strictObject({ ...fields, channelIds: fields.channelIds.default([]) });
export const changePersonSchema = z.strictObject(fields).partial();

export type CreatePerson = z.infer<typeof createPersonSchema>;
export type ChangePerson = z.infer<typeof changePersonSchema>;
