import type { MonitorRef, MonitorSettings } from '../checks/monitorRef.ts';
import type { Fact } from '../db/decisions.ts';
import { policyOf } from '../domain/monitor.ts';
import type { Region } from '../domain/region.ts';
import { initialState, type MonitorState, restoreState } from '../domain/verdict.ts';

/** Everything a Monitor object knows: written as one value, so that state and pending effects cannot part. */
export interface Stored {
  ref: MonitorRef;
  settings: MonitorSettings;
  machine: MonitorState;
  /** When time must be folded again, ms since the epoch. */
  wakeAt: number | null;
  /** As written to the monitor's row; 0 before the first decision. */
  revision: number;
  /** Of the outage that is open, or of the last one. */
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    facts: Fact[];
    asks: { regions: Region[]; at: number }[];
  };
  correlationId: string;
}

/** As the first version stored it: a transition named its incident itself. */
interface FirstStored extends Omit<Stored, 'settings' | 'wakeAt' | 'pending' | 'machine'> {
  regions: Region[];
  machine: unknown;
  pending: Omit<Stored['pending'], 'facts'> & {
    transitions: (Extract<Fact, { type: 'verdict' }> & { incidentId: string | null })[];
  };
}

export const newlyStored = (ref: MonitorRef, settings: MonitorSettings, since: number): Stored => ({
  ref,
  settings,
  machine: { ...initialState, since },
  wakeAt: null,
  revision: 0,
  openIncident: null,
  pending: { row: false, facts: [], asks: [] },
  correlationId: '',
});

/** Reads what any version stored. Throws a ZodError where the state is none. */
export const restore = (raw: unknown): Stored => {
  const stored = raw as Stored | FirstStored;
  if ('settings' in stored) return { ...stored, machine: restoreState(stored.machine) };
  const { regions, machine, pending, ...rest } = stored;
  const { intervalMs, timeoutMs } = policyOf(regions);
  return {
    ...rest,
    settings: { regions, intervalSeconds: intervalMs / 1000, timeoutMs },
    machine: restoreState(machine),
    wakeAt: null,
    pending: { row: pending.row, asks: pending.asks, facts: pending.transitions.flatMap(factsOf) },
  };
};

const factsOf = ({ incidentId, ...verdict }: FirstStored['pending']['transitions'][number]): Fact[] => {
  const { from, to, since, at, evidence } = verdict;
  if (from !== 'down' && to !== 'down') return [verdict];
  const change = to === 'down' ? 'opened' : 'closed';
  return [verdict, { type: 'outage', change, since, at, evidence, incidentId }];
};
