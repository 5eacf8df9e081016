/** How many of `count` regions must agree. A number is capped at `count`, so that removing regions never disarms a monitor. */
export type Quorum = 'any' | 'majority' | 'all' | number;

export const votesNeeded = (quorum: Quorum, count: number): number => {
  if (quorum === 'any') return Math.min(1, count);
  if (quorum === 'all') return count;
  if (quorum === 'majority') return Math.floor(count / 2) + 1;
  return Math.min(Math.max(1, quorum), count);
};

/**
 * The minimum number of failing votes that opens an outage, however many regions are stale: a majority of all chosen regions,
 * unless the policy demands fewer. A quorum of one is a choice, and one region suffices for it.
 */
export const quorumFloor = (quorum: Quorum, count: number): number =>
  Math.min(votesNeeded(quorum, count), votesNeeded('majority', count));
