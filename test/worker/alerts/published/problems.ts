import { type Schema, Validator } from '@cfworker/json-schema';
import type { ChannelKind } from '../../../../worker/domain/delivery/channelKind.ts';
import discord from './Discord.json';
import googleChat from './GoogleChat.json';
import { handKept } from './handKept.ts';
import mattermost from './Mattermost.json';
import pagerDuty from './PagerDuty.json';
import slack from './Slack.json';
import { teamsProblems } from './teamsProblems.ts';

const bySchema = (schema: unknown) => {
  const validator = new Validator(schema as Schema, '7');
  return (body: unknown): string[] =>
    validator.validate(body).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
};

/** Violations of a vendor's published format in a body; empty where it is valid. */
export const publishedProblems: Record<ChannelKind, (body: unknown) => string[]> = {
  email: bySchema(handKept.email),
  webhook: bySchema(handKept.webhook),
  slack: bySchema(slack),
  discord: bySchema(discord),
  teams: teamsProblems,
  telegram: bySchema(handKept.telegram),
  'google-chat': bySchema(googleChat),
  mattermost: bySchema(mattermost),
  pagerduty: bySchema(pagerDuty),
  'incident-io': bySchema(handKept['incident-io']),
  ntfy: bySchema(handKept.ntfy),
  pushover: bySchema(handKept.pushover),
  gotify: bySchema(handKept.gotify),
  twilio: bySchema(handKept.twilio),
  'web-push': bySchema(handKept['web-push']),
};
