/** What somebody has to be told of. */
export const problems = ['down', 'flapping', 'degraded', 'regional', 'expiring', 'unknown'] as const;
export type Problem = (typeof problems)[number];

/** An outage is urgent: steps follow on one another, reminders come, and it takes the place of a lesser problem. */
export const outages = ['down', 'flapping'] as const satisfies readonly Problem[];

export const isOutage = (problem: Problem | null): boolean => (outages as readonly (string | null)[]).includes(problem);

/** What follows for those who were told of a problem. `stable` says that it no longer flaps, but is down. */
const followUps = ['reminder', 'stable', 'acknowledged', 'recovered', 'resolved'] as const;

export const deliveryEvents = [...problems, ...followUps] as const;
export type DeliveryEvent = (typeof deliveryEvents)[number];

/** Of no monitor, and so of no policy: a channel of the team keeps failing, or works again. Told through another one. */
export const channelEvents = ['channel-failing', 'channel-working'] as const;
export type ChannelEvent = (typeof channelEvents)[number];

export type NotificationEvent = DeliveryEvent | ChannelEvent;

export const isProblem = (event: NotificationEvent): event is Problem =>
  (problems as readonly string[]).includes(event);

export const isOfChannel = (event: NotificationEvent): event is ChannelEvent =>
  (channelEvents as readonly string[]).includes(event);

/** With these a story begins: what follows is for those who were told. */
export const openings = [...problems, 'channel-failing'] as const satisfies readonly NotificationEvent[];

export const isOpening = (event: NotificationEvent): boolean => (openings as readonly string[]).includes(event);

/** With these a story ends, so that the next problem begins another. */
export const closings = ['recovered', 'resolved', 'channel-working'] as const satisfies readonly NotificationEvent[];

export const isClosing = (event: NotificationEvent): boolean => (closings as readonly string[]).includes(event);
