import { z } from 'zod';
import type { Recipient } from '../../auth/actor.ts';
import { decide } from '../../db/channels/recipients.ts';
import { type Context, command } from '../command.ts';
import { recipientDecided, shownByChannel } from './recipientDecided.ts';

/** The recipient receives the alerts of the team. */
export const confirmAlerts = command(
  'recipient.confirm',
  shownByChannel,
  z.strictObject({}),
  async (context: Context<Recipient>) => {
    const { services, actor } = context;
    await decide(services.d1, actor, 'confirmed', services.now());
    await recipientDecided(context);
  },
);
