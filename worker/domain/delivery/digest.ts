import { type DeliveryEvent, isClosing, isProblem } from '../escalation/events.ts';

export interface DigestedDelivery {
  incidentId: string;
  event: DeliveryEvent;
}

/** The standing of an incident in a digest. `passed`: it began and ended within the digest. */
const digestStandings = ['open', 'over', 'passed'] as const;
export type DigestStanding = (typeof digestStandings)[number];

export interface DigestLine {
  incidentId: string;
  standing: DigestStanding;
  /** The latest event of the incident. */
  event: DeliveryEvent;
}

/**
 * The incidents that a digest of these deliveries names, given in the order in which they were created: open ones before the
 * others, each in the order of their notifications.
 */
export const digestLines = (deliveries: readonly DigestedDelivery[], maxLines: number): DigestLine[] => {
  const lines = new Map<string, DigestLine>();
  for (const { incidentId, event } of deliveries) {
    const before = lines.get(incidentId);
    lines.set(incidentId, { incidentId, event, standing: standingAfter(before?.standing, event) });
  }
  const sorted = digestStandings.flatMap((standing) =>
    [...lines.values()].filter((line) => line.standing === standing),
  );
  return sorted.slice(0, maxLines);
};

/** One that reopens is open, whatever was before. */
const standingAfter = (before: DigestStanding | undefined, event: DeliveryEvent): DigestStanding => {
  if (isClosing(event)) return before === 'open' || before === 'passed' ? 'passed' : 'over';
  return isProblem(event) || before === undefined ? 'open' : before;
};
