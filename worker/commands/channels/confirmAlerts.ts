import { z } from 'zod';
import type { Recipient } from '../../auth/actor.ts';
import { decide } from '../../db/channels/recipients.ts';
import { type Context, command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { recipientDecision } from './recipientDecision.ts';

/** The recipient receives the alerts of the team. */
export const confirmAlerts = command(
  'recipient.confirm',
  recipientDecision,
  z.strictObject({}),
  async (context: Context<Recipient>) => {
    const { services, actor } = context;
    await decide(services.d1, actor, 'confirmed', services.now());
    await alertingChanged(context);
  },
);
