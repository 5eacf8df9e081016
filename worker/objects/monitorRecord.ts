import type { MonitorRef } from '../checks/monitorRef.ts';
import type { Decision, Standing, Transition } from '../db/decisions.ts';
import type { Region } from '../domain/region.ts';
import { type DecidedVerdict, type Effect, initialState, type MonitorState } from '../domain/verdict.ts';
import { newId } from '../ids.ts';

/** Another form of `MonitorRecord` needs another number here: what was stored in an older form is begun anew from the row. */
export const recordForm = 1;

/** All that a Monitor object knows: written as one value, so that state and pending effects cannot part. */
export interface MonitorRecord {
  form: typeof recordForm;
  ref: MonitorRef;
  regions: Region[];
  /** `updated_at` of the monitor's row as it was read last: a later one means that a person did something since. */
  changedAt: number;
  machine: MonitorState;
  /** Of the latest decision, here or in the monitor's row; the next is higher. */
  revision: number;
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    transitions: Transition[];
    asks: { regions: Region[]; at: number }[];
  };
  correlationId: string;
}

/**
 * The record after what people did. A decision in the row that is none of ours was set by a person who paused or
 * resumed, so that nothing from before counts: it is begun anew, as where there was none, from what the row says.
 */
export const caughtUp = (record: MonitorRecord | undefined, ref: MonitorRef, standing: Standing): MonitorRecord => ({
  ...(record && record.revision >= standing.decision ? record : begun(ref, standing)),
  ref,
  regions: standing.regions,
  changedAt: standing.changedAt,
});

const begun = (
  ref: MonitorRef,
  { regions, changedAt, decision, verdict, verdictSince, openIncident }: Standing,
): MonitorRecord => ({
  form: recordForm,
  ref,
  regions,
  changedAt,
  machine: { ...initialState, verdict, since: verdictSince },
  revision: decision,
  openIncident,
  pending: { row: false, transitions: [], asks: [] },
  correlationId: '',
});

/** The record with a folded state and what is to be done about it. */
export const folded = (
  record: MonitorRecord,
  [machine, effects]: [MonitorState, Effect[]],
  correlationId: string,
  now: number,
): MonitorRecord => {
  const transitions = effects
    .filter((effect) => effect.type === 'verdict')
    .map((effect) => ({ ...effect, incidentId: incidentOf(effect, record) }));
  const asks = effects.filter((e) => e.type === 'ask').map(({ regions, at }) => ({ regions, at }));
  const changed = shownState(machine) !== shownState(record.machine);
  return {
    ...record,
    machine,
    correlationId,
    openIncident: transitions.at(-1)?.incidentId ?? record.openIncident,
    revision: changed ? Math.max(now, record.revision + 1) : record.revision,
    pending: {
      row: record.pending.row || changed,
      transitions: [...record.pending.transitions, ...transitions],
      asks: [...record.pending.asks, ...asks],
    },
  };
};

/** The incident that a change of verdict opens or closes; an outage that is over keeps its id until the next. */
const incidentOf = (effect: { to: DecidedVerdict }, record: MonitorRecord) =>
  effect.to === 'down' ? newId('inc') : record.openIncident;

export const healths = (machine: MonitorState): Decision['regionHealth'] =>
  Object.fromEntries(Object.entries(machine.regions).map(([region, state]) => [region, state.health]));

/** What the monitor's row shows of a state, as text to compare. */
const shownState = (machine: MonitorState) =>
  JSON.stringify([machine.verdict, machine.since, machine.suspicion !== null, healths(machine)]);

export const decisionOf = ({ ref, machine, revision, pending }: MonitorRecord): Decision => ({
  monitor: ref.number,
  teamId: ref.teamId,
  revision,
  verdict: machine.verdict,
  verdictSince: machine.since,
  regionHealth: healths(machine),
  suspect: machine.suspicion !== null,
  transitions: pending.transitions,
});
