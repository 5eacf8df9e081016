/** The kinds of channels, in the order in which they are offered. Each is implemented in worker/alerts/channels. */
export const channelKinds = [
  'email',
  'webhook',
  'slack',
  'discord',
  'teams',
  'telegram',
  'google-chat',
  'mattermost',
  'pagerduty',
  'incident-io',
  'ntfy',
  'pushover',
  'gotify',
  'twilio',
  'web-push',
] as const;

export type ChannelKind = (typeof channelKinds)[number];

/** They open an incident of their own with the first message, and close it only when they are notified of the end of that. */
export const statefulKinds: readonly ChannelKind[] = ['pagerduty', 'incident-io'];

/**
 * Whether the receiver keeps an incident or a ringing emergency open until its end is reported. In SQL:
 * db/channels/statefulChannels.ts.
 */
export const keepsIncidents = (kind: string, settings: Record<string, unknown>): boolean =>
  (statefulKinds as readonly string[]).includes(kind) || (kind === 'pushover' && settings.isEmergency === true);
