/** What somebody has to be told of. */
export const problems = ['down', 'flapping', 'degraded', 'regional', 'expiring', 'unknown'] as const;
export type Problem = (typeof problems)[number];

/** An outage is urgent: steps follow on one another, reminders come, and it takes the place of a lesser problem. */
export const isOutage = (problem: Problem | null): boolean => problem === 'down' || problem === 'flapping';

/** What follows for those who were told of a problem. `stable` says that it no longer flaps, but is down. */
export const followUps = ['reminder', 'stable', 'acknowledged', 'recovered', 'resolved'] as const;
export type FollowUp = (typeof followUps)[number];

export const deliveryEvents = [...problems, ...followUps] as const;
export type DeliveryEvent = (typeof deliveryEvents)[number];

export const isProblem = (event: DeliveryEvent): event is Problem => (problems as readonly string[]).includes(event);

/** With these a story ends, so that the next problem begins another. */
export const isClosing = (event: DeliveryEvent): boolean => event === 'recovered' || event === 'resolved';
