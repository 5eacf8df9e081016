/**
 * A region's own view can be broken: then its monitors fail there and pass elsewhere. Such a region is distrusted, and
 * its outcomes do not vote until most of them pass again. What fails in other regions as well speaks for the region.
 */
export interface RegionView {
  /** Monitors that fail in this region and pass, by what was seen since they began to fail here, in most others. */
  alone: number;
  /** Hosts of those. */
  hosts: number;
  /** Monitors that fail here, and nobody has looked from elsewhere since. */
  undecided: number;
  /** All that other regions look at too, except for those that fail there as well. */
  monitors: number;
}

/** Fewer, or of one host alone, are rather the trouble of these targets with this region. */
const minMonitors = 3;
const minHosts = 2;

/** More than half of its monitors fail alone. */
export const isBroken = ({ alone, hosts, monitors }: RegionView): boolean =>
  alone >= minMonitors && hosts >= minHosts && alone * 2 > monitors;

/** At most a quarter still may fail alone: a view that hovers around a half is not trusted again and again. */
export const isMended = ({ alone, undecided, monitors }: Omit<RegionView, 'hosts'>): boolean =>
  (alone + undecided) * 4 <= monitors;
