import type { IncidentDetailView, IncidentView } from '../../../../worker/contract/views.ts';
import { lastedText } from '../../../../worker/domain/incidents/lasted.ts';
import { reasonText } from '../verdicts/verdictText.ts';

/** The duration, or the known duration by `now`, ms: a paused monitor is not checked. */
export const incidentLength = ({ startedAt, endedAt, pausedAt }: IncidentView, now: number) => {
  const until = endedAt ?? pausedAt;
  return (until ? Date.parse(until) : now) - Date.parse(startedAt);
};

/** The duration of an ended incident, and its classification for uptime; null where that is the same. */
export const incidentTime = (incident: IncidentDetailView): string | null => {
  if (!incident.countedSeconds) return null;
  const counted = Object.fromEntries(Object.entries(incident.countedSeconds).map(([name, s]) => [name, s * 1000]));
  const text = lastedText(incidentLength(incident, 0), counted);
  return text.includes(', of which ') ? `Lasted ${text}.` : null;
};

/** Why, with the status that was seen first. */
export const incidentReason = ({ reason, evidence }: IncidentView) =>
  reasonText({ reason, status: evidence.find((seen) => seen.reason === reason)?.status ?? null });

/** Open or resolved, or what the whole of it counts as since a person reclassified it. */
export const incidentState = ({ state, reclassifiedAs }: IncidentView): string => {
  if (reclassifiedAs) return reclassifiedAs === 'maintenance' ? 'Maintenance' : 'False positive';
  return state === 'open' ? 'Open' : 'Resolved';
};
