import { z } from 'zod';
import { testMessage } from '../../alerts/messages/message.ts';
import { confirmedRecipients, noting, suppressed } from '../../alerts/outbox/confirmedRecipients.ts';
import { send } from '../../alerts/outbox/send.ts';
import { channelDepsOf } from '../../alerts/outbox/sendDeps.ts';
import { limitAttempts } from '../../auth/limits.ts';
import type { AttemptResultView } from '../../contract/views.ts';
import { type ChannelRow, getChannel } from '../../db/channels/channels.ts';
import { noteArrival } from '../../db/channels/failingChannels.ts';

import { takeAllowance } from '../../db/teams/limits.ts';
import { getTeam } from '../../db/teams/teams.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import type { Services } from '../../services.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { channelIdField, readSettings } from './channelChanged.ts';

/** Sends a test message; a failing channel works again once it arrives. Throws `not_found`, `rate_limited`, `limit_reached`. */
export const testChannel = command(
  'channel.test',
  { unaudited: 'a test message changes nothing that a person set' },
  z.strictObject({ channelId: channelIdField }),
  async (context, { channelId }): Promise<AttemptResultView> => {
    const { services, actor } = context;
    const row = await getChannel(services.db, actOn(context, channelId));
    await limitAttempts(services.lookLimit, [`test:${row.id}`]);
    await takeAllowance(services, actor.teamId, 'channelTestsPerHour');
    const now = services.now();
    const { state, status, problem, answer, latencyMs } = await sendTest(services, row, now);
    if (state === 'delivered' && problem === null && row.failingSince !== null) {
      await noteArrival(services.d1, row.id, now);
      await alertingChanged(context);
    }
    return { state, status, problem, answer, latencyMs };
  },
);

const sendTest = async (services: Services, row: ChannelRow, now: number) => {
  const { name: teamName, timeZone } = await getTeam(services.db, row.teamId);
  const message = testMessage({ teamName, timeZone, dashboardUrl: services.config.publicOrigin }, now);
  const { settings, held } = await confirmedRecipients(services, row, await readSettings(services, row));
  if (!settings) return suppressed(held);
  const deps = await channelDepsOf(services, row, settings);
  return noting(await send(row.kind as ChannelKind, settings, message, `test:${row.id}:${now}`, deps), held);
};
