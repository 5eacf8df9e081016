import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import type { Channel } from './channel.ts';
import { discord } from './discord.ts';
import { email } from './email.ts';
import { googleChat } from './googleChat.ts';
import { gotify } from './gotify.ts';
import { incidentIo } from './incidentIo.ts';
import { mattermost } from './mattermost.ts';
import { ntfy } from './ntfy.ts';
import { pagerduty } from './pagerduty.ts';
import { pushover } from './pushover.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import { twilio } from './twilio.ts';
import { webhook } from './webhook.ts';
import { webPush } from './webPush.ts';

/** A new channel is a file beside this one, a line here, and its name in domain/delivery/channelKind.ts. */
export const channels: Record<ChannelKind, Channel> = {
  email,
  webhook,
  slack,
  discord,
  teams,
  telegram,
  'google-chat': googleChat,
  mattermost,
  pagerduty,
  'incident-io': incidentIo,
  ntfy,
  pushover,
  gotify,
  twilio,
  'web-push': webPush,
};
