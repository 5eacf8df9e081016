import { z } from 'zod';
import type { Recipient } from '../../auth/actor.ts';
import { leave } from '../../db/channels/recipients.ts';
import { type Context, command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { recipientDecision } from './recipientDecision.ts';

/** The recipient receives no alerts of the team until a channel names the address again. Resolves to the time, ms. */
export const leaveAlerts = command(
  'recipient.leave',
  recipientDecision,
  z.strictObject({}),
  async (context: Context<Recipient>) => {
    const { services, actor } = context;
    const at = services.now();
    await leave(services.d1, actor, at);
    await alertingChanged(context);
    return at;
  },
);
