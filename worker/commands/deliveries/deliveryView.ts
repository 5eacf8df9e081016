import { z } from 'zod';
import type { DeliveryView } from '../../contract/deliveries.ts';
import type { DeliveryRow } from '../../db/deliveries/deliveries.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';

/** The remaining data about the channel stays in the message. */
const aboutForm = z.object({ id: z.string(), name: z.string() });

const missedStates = { transient: 'retrying', permanent: 'failed', suppressed: 'suppressed' } as const;

export const toDeliveryView = (row: DeliveryRow, now: number): DeliveryView => ({
  id: row.id,
  // An incident is deleted with its monitor.
  incidentId: row.monitorId === null ? null : row.incident,
  monitorId: row.monitorId,
  monitorName: row.monitorName,
  aboutChannel: row.aboutChannel === null ? null : aboutForm.parse(JSON.parse(row.aboutChannel)),
  channel:
    row.channelName === null ? null : { id: row.channel, name: row.channelName, kind: row.channelKind as ChannelKind },
  person: row.person,
  event: row.event,
  round: row.round,
  step: row.step,
  state: row.state,
  createdAt: toIsoTime(row.createdAt),
  nextAttemptAt: row.settledAt === null ? toIsoTime(row.nextAttemptAt) : null,
  settledAt: row.settledAt === null ? null : toIsoTime(row.settledAt),
  held: heldOf(row, now),
  digestOf: row.digestOf,
  missedRecipients: (row.recipients ?? []).flatMap(({ address, state, problem, answer }) =>
    state === 'delivered' ? [] : [{ address, state: missedStates[state], problem, answer }],
  ),
  recipientsRetryAt: toIsoTimeOrNull(row.restDueAt),
  attemptCount: row.attemptCount,
  attempts: row.attempts.map((attempt) => ({ ...attempt, at: toIsoTime(attempt.at) })),
});

/** Null for a deferral that is over. */
const heldOf = ({ heldUntil, settledAt, quietTimeZone }: DeliveryRow, now: number): DeliveryView['held'] =>
  heldUntil === null || heldUntil <= now || settledAt !== null
    ? null
    : { until: toIsoTime(heldUntil), timeZone: quietTimeZone ?? 'UTC' };
