import type { IncidentView } from '../../worker/api/views.ts';
import { reasonText } from './words.ts';

/** How long it lasted, or has lasted by `now`, ms. */
export const incidentLength = ({ startedAt, endedAt }: IncidentView, now: number) =>
  (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt);

/** Why, with the status that was seen first. */
export const incidentReason = ({ reason, evidence }: IncidentView) =>
  reasonText({ reason, status: evidence.find((seen) => seen.reason === reason)?.status ?? null });

/** Open or resolved, or what the whole of it counts as since a person reclassified it. */
export const incidentState = ({ state, reclassifiedAs }: IncidentView): string => {
  if (reclassifiedAs) return reclassifiedAs === 'maintenance' ? 'Maintenance' : 'False positive';
  return state === 'open' ? 'Open' : 'Resolved';
};
