/** Events of a notification. */
export const problems = ['down', 'flapping', 'degraded', 'regional', 'expiring', 'unknown'] as const;
export type Problem = (typeof problems)[number];

/** An outage is urgent: steps follow one another, reminders are sent, and it replaces an advisory. */
export const outages = ['down', 'flapping'] as const satisfies readonly Problem[];

export const isOutage = (problem: Problem | null): boolean => (outages as readonly (string | null)[]).includes(problem);

/** Follow-ups for recipients who were notified of a problem. `stable`: it no longer flaps, but is down. */
const followUps = ['reminder', 'stable', 'acknowledged', 'recovered', 'resolved'] as const;

export const deliveryEvents = [...problems, ...followUps] as const;
export type DeliveryEvent = (typeof deliveryEvents)[number];

/**
 * Events without a monitor, and so without a policy: a channel of the team keeps failing, or works again. Sent through
 * another one.
 */
export const channelEvents = ['channel-failing', 'channel-working'] as const;
export type ChannelEvent = (typeof channelEvents)[number];

export type NotificationEvent = DeliveryEvent | ChannelEvent;

export const isProblem = (event: NotificationEvent): event is Problem =>
  (problems as readonly string[]).includes(event);

export const isOfChannel = (event: NotificationEvent): event is ChannelEvent =>
  (channelEvents as readonly string[]).includes(event);

/** These begin a dedup key: follow-ups go to the recipients of these. */
export const openings = [...problems, 'channel-failing'] as const satisfies readonly NotificationEvent[];

export const isOpening = (event: NotificationEvent): boolean => (openings as readonly string[]).includes(event);

/** These end a dedup key, so that the next problem begins another. */
export const closings = ['recovered', 'resolved', 'channel-working'] as const satisfies readonly NotificationEvent[];

export const isClosing = (event: NotificationEvent): boolean => (closings as readonly string[]).includes(event);
