import { z } from 'zod';
import type { Recipient } from '../../auth/actor.ts';
import { decide } from '../../db/channels/recipients.ts';
import { type Context, command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { recipientDecision } from './recipientDecision.ts';

/** The recipient receives no alerts of the team, and is not asked again. */
export const refuseAlerts = command(
  'recipient.refuse',
  recipientDecision,
  z.strictObject({}),
  async (context: Context<Recipient>) => {
    const { services, actor } = context;
    await decide(services.d1, actor, 'refused', services.now());
    await alertingChanged(context);
  },
);
