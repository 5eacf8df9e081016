import type { PersonView } from '../../contract/views.ts';
import type { PersonRow } from '../../db/onCall/people.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';

export const toPersonView = ({ id, name, channels, createdAt, updatedAt }: PersonRow): PersonView => ({
  id,
  name,
  channelIds: channels,
  createdAt: toIsoTime(createdAt),
  updatedAt: toIsoTime(updatedAt),
});
