import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import { pagerdutyAnswers } from '../answers/pagerduty.ts';
import { factsOf } from '../messages/facts.ts';
import { linksOf } from '../messages/links.ts';
import { type AlertMessage, actionOf, channelOf, dedupKeyOf, monitorOf } from '../messages/message.ts';
import { nameOf, tagsOf, teamNameOf, whyOf } from '../messages/names.ts';
import { cut } from '../messages/text.ts';
import { titleOf } from '../messages/titles.ts';
import { problemSeverityOf } from '../messages/tone.ts';
import { defineChannel, postJson } from './channel.ts';

const hosts = { us: 'events.pagerduty.com', eu: 'events.eu.pagerduty.com' };
const actions = { open: 'trigger', acknowledge: 'acknowledge', close: 'resolve' };

const sourceOf = (message: AlertMessage) => {
  const url = monitorOf(message)?.url ?? '';
  return URL.canParse(url) ? new URL(url).host : 'Pharos';
};

const componentOf = (message: AlertMessage) => {
  const named = monitorOf(message) ?? channelOf(message);
  return named ? nameOf(named) : 'Several monitors';
};

/** The group of a service: the monitor's first tag, else its team. */
const groupOf = (message: AlertMessage) => {
  const [tag] = 'monitor' in message ? tagsOf(message) : [];
  return tag ?? teamNameOf(message);
};

/** The kind of the problem, which stays the same from the first message to the last. */
const classOf = (message: AlertMessage) => {
  if (message.event === 'test' || !('about' in message)) return message.event;
  return message.about;
};

const payload = (message: AlertMessage) => ({
  summary: cut(titleOf(message), 1024),
  source: cut(sourceOf(message), 255) || 'Pharos',
  severity: problemSeverityOf(message),
  timestamp: toIsoTime(message.since),
  component: componentOf(message),
  group: groupOf(message),
  class: classOf(message),
  custom_details: {
    Why: whyOf(message),
    ...Object.fromEntries(factsOf(message).map(({ name, value }) => [name, value])),
  },
});

const eventFor = (
  message: AlertMessage,
  { routingKey, region }: { routingKey: string; region: keyof typeof hosts },
  action: string,
) =>
  postJson(`https://${hosts[region]}/v2/enqueue`, {
    routing_key: routingKey,
    event_action: action,
    dedup_key: cut(dedupKeyOf(message), 255),
    payload: payload(message),
    client: 'Pharos',
    client_url: 'monitor' in message ? message.monitorPage : message.url,
    links: linksOf(message).map(({ label, url }) => ({ href: url, text: label })),
  });

/** https://developer.pagerduty.com/docs/send-alert-event */
export const pagerduty = defineChannel({
  label: 'PagerDuty',
  help: 'In PagerDuty, open the service, then Integrations, add "Events API V2", and copy its integration key.',
  settings: () =>
    z.strictObject({
      routingKey: z
        .string('Enter the integration key.')
        .trim()
        .regex(/^[0-9a-zA-Z]{32}$/, 'An integration key has 32 letters and digits.')
        .meta({ label: 'Integration key', isSecret: true } satisfies FieldMeta),
      region: z
        .enum(['us', 'eu'], 'Choose us or eu.')
        .default('us')
        .meta({
          label: 'Service region',
          hint: 'eu, if your PagerDuty address contains .eu.',
          options: { us: 'United States', eu: 'Europe' },
        } satisfies FieldMeta),
    }),
  limits: { text: 1024, unit: 'characters' },
  answers: pagerdutyAnswers,
  dedupe: 'dedup_key identifies the incident: a duplicate joins the same alert, and a recovery resolves it.',
  request: (message, settings) => eventFor(message, settings, actions[actionOf(message)]),
  // Nobody would resolve it: no later message has the key of a test.
  also: (message, settings) =>
    message.event === 'test'
      ? [
          {
            when: 'after',
            request: eventFor(message, settings, actions.close),
            answers: pagerdutyAnswers,
            failed: 'Pharos could not resolve the test incident in PagerDuty. Resolve it there.',
          },
        ]
      : [],
});
