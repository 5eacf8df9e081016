import type {
  IncidentDetailView,
  IncidentEventView,
  IncidentView,
  SuppressionReasonView,
} from '../../contract/views.ts';
import { reopenWithinMs } from '../../db/incidents/incidentActions.ts';
import {
  countAlerted,
  getIncident,
  type IncidentEventRow,
  type ListedIncidentRow,
  listIncidentEvents,
  type OwnIncident,
} from '../../db/incidents/incidents.ts';
import { readCountedTime } from '../../db/incidents/incidentTime.ts';
import type { SuppressionReason } from '../../db/schema.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { secondsOf } from '../../domain/history/uptime.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import type { AlertEvent } from '../../domain/verdict/alerts.ts';
import type { Services } from '../../services.ts';
import { toEvidenceView } from '../../ticks/view.ts';
import { toAuthorView } from '../viewFields.ts';

/** An incident for lists. */
export const toIncidentView = (row: ListedIncidentRow): IncidentView => ({
  id: row.id,
  monitorId: row.monitorId,
  monitorName: row.monitorName,
  state: row.resolvedAt === null ? 'open' : 'resolved',
  paused: row.monitorVerdict === 'paused',
  pausedAt: row.monitorVerdict === 'paused' && row.resolvedAt === null ? toIsoTime(row.monitorVerdictSince) : null,
  startedAt: toIsoTime(row.startedAt),
  detectedAt: toIsoTime(row.detectedAt),
  endedAt: toIsoTimeOrNull(row.endedAt),
  resolvedAt: toIsoTimeOrNull(row.resolvedAt),
  reason: row.reason,
  evidence: row.evidence.map((seen) => toEvidenceView(seen, seen.at)),
  acknowledgedAt: toIsoTimeOrNull(row.acknowledgedAt),
  cause: row.cause,
  reclassifiedAs: row.reclassifiedAs,
});

/** An incident with its timeline. Throws `not_found`. */
export const readIncidentDetail = async (services: Services, own: OwnIncident): Promise<IncidentDetailView> => {
  const { db } = services;
  const row = await getIncident(db, own);
  const { monitor, startedAt: from, endedAt: to } = row;
  const [events, alerted, counted] = await Promise.all([
    listIncidentEvents(db, row.id),
    countAlerted(db, row.id),
    to === null ? null : readCountedTime(services, monitor, { from, to }),
  ]);
  return {
    ...toIncidentView(row),
    countedSeconds: counted && secondsOf(counted),
    postMortem: row.postMortem,
    runbookUrl: row.runbookUrl,
    describedAt: toIsoTimeOrNull(row.describedAt),
    reopenableUntil: toIsoTimeOrNull(row.endedAt === null ? null : row.endedAt + reopenWithinMs),
    timeline: events.map((event) => toEventView(event, alerted)).sort(inOrder),
  };
};

/** The name that deliveries use. */
const deliveredAs = { down: 'down', up: 'recovered', flapping: 'flapping', stable: 'stable' } as const;

const toEventView = (
  { at, kind, key, author, authorEmail, detail }: IncidentEventRow,
  alerted: ReadonlyMap<string, number>,
): IncidentEventView => {
  const event = {
    id: `${at}-${kind}-${key}`,
    at: toIsoTime(at),
    author: toAuthorView(author, authorEmail),
  };
  switch (kind) {
    case 'evidence': {
      const seen = detail.evidence;
      if (!seen) throw new Error('An evidence of an incident says nothing');
      return { ...event, kind, evidence: { ...toEvidenceView(seen, seen.at), answer: seen.answer ?? null } };
    }
    case 'alert':
      return { ...event, kind, ...alertView(detail.alert ?? 'down', alerted) };
    case 'suppressed': {
      const { alert = 'down', because } = detail;
      if (!because) throw new Error('An alert was suppressed for no reason');
      return { ...event, kind, alert, because: toSuppressionReasonView(because) };
    }
    case 'acknowledged':
      return { ...event, kind, through: detail.through ?? null };
    case 'notified':
    case 'notification-failed': {
      const { event: notified = 'down', channel } = detail;
      if (!channel) throw new Error('Somebody was told through no channel');
      return { ...event, kind, event: notified, channel: { ...channel, kind: channel.kind as ChannelKind } };
    }
    case 'unreached':
      return { ...event, kind, unreached: detail.unreached ?? [], inPlace: detail.inPlace ?? null };
    case 'over-limit': {
      const { limit = 0, until = at } = detail.overLimit ?? {};
      return { ...event, kind, limit, until: toIsoTime(until) };
    }
    case 'recovered':
      return { ...event, kind, passingSince: toIsoTime(detail.passingSince ?? at) };
    case 'comment':
      return { ...event, kind, text: detail.text ?? '' };
    case 'cause':
      return { ...event, kind, text: detail.text ?? null };
    case 'reclassified':
    case 'reclassification-revoked': {
      const { reclassified, text = '' } = detail;
      if (!reclassified) throw new Error('A reclassification of an incident says nothing');
      const { as, from, to } = reclassified;
      return { ...event, kind, text, reclassified: { as, from: toIsoTime(from), to: toIsoTime(to) } };
    }
    default:
      return { ...event, kind };
  }
};

const alertView = (alert: AlertEvent, alerted: ReadonlyMap<string, number>) => ({
  alert,
  channels: alerted.get(deliveredAs[alert]) ?? 0,
});

const toSuppressionReasonView = (because: SuppressionReason): SuppressionReasonView => {
  const until = toIsoTimeOrNull(because.until);
  if (because.type === 'maintenance') return { type: because.type, until };
  return {
    type: because.type,
    until,
    monitors: because.monitors.map(({ monitorId: id, ...known }) => ({ id, ...known })),
  };
};

/** At the same moment, observations come before their consequences. */
const ranks: Partial<Record<IncidentEventView['kind'], number>> = {
  failed: 0,
  evidence: 1,
  confirmed: 2,
  recovered: 2,
  alert: 4,
  suppressed: 4,
  unreached: 4,
  'over-limit': 4,
  notified: 5,
  'notification-failed': 5,
};
const inOrder = (a: IncidentEventView, b: IncidentEventView) =>
  a.at.localeCompare(b.at) || (ranks[a.kind] ?? 3) - (ranks[b.kind] ?? 3);
