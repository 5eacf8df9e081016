import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { type FormField, formFieldsOf } from '../../domain/fields/form.ts';
import { channels } from './table.ts';

/** The form of a kind of channel, derived from its schema. Throws where a field of the schema has no label. */
export const formOf = (kind: ChannelKind): FormField[] =>
  formFieldsOf(channels[kind].settings({ allowPrivate: true, ownHosts: [] }).shape);
