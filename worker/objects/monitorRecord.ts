import type { MonitorRef } from '../checks/monitorRef.ts';
import type { Decision, Fact, Standing } from '../db/decisions.ts';
import { type JudgeSettings, policyFrom } from '../domain/policy.ts';
import type { Region } from '../domain/region.ts';
import { type Effect, type MonitorState, restoreState, wakeAt } from '../domain/verdict.ts';
import { newId } from '../ids.ts';

/** Another form of `MonitorRecord` needs another number here: what was stored in an older form is begun anew from the row. */
export const recordForm = 4;

/** All that a Monitor object knows: written as one value, so that state and pending effects cannot part. */
export interface MonitorRecord {
  form: typeof recordForm;
  ref: MonitorRef;
  settings: JudgeSettings;
  /** `updated_at` of the monitor's row as it was read last: a later one means that a person did something since. */
  changedAt: number;
  machine: MonitorState;
  /** When time must be folded again, ms since the epoch. */
  wakeAt: number | null;
  /** Of the latest decision, here or in the monitor's row; the next is higher. */
  revision: number;
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    facts: Fact[];
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
  settings: standing.settings,
  changedAt: standing.changedAt,
});

const begun = (
  ref: MonitorRef,
  { settings, changedAt, decision, verdict, verdictSince, openIncident }: Standing,
): MonitorRecord => ({
  form: recordForm,
  ref,
  settings,
  changedAt,
  machine: restoreState({ verdict, since: verdictSince, regions: {}, suspicion: null }),
  wakeAt: null,
  revision: decision,
  openIncident,
  pending: { row: false, facts: [], asks: [] },
  correlationId: '',
});

/** The record with a folded state and what is to be done about it. */
export const folded = (
  record: MonitorRecord,
  [machine, effects]: [MonitorState, Effect[]],
  correlationId: string,
  now: number,
): MonitorRecord => {
  const opens = effects.some((effect) => effect.type === 'outage' && effect.change === 'opened');
  const openIncident = opens ? newId('inc') : record.openIncident;
  const facts = effects.flatMap((effect): Fact[] => {
    if (effect.type === 'outage') return [{ ...effect, incidentId: openIncident }];
    return effect.type === 'verdict' ? [effect] : [];
  });
  const asks = effects.filter((e) => e.type === 'ask').map(({ regions, at }) => ({ regions, at }));
  const changed = facts.length > 0 || shownState(machine) !== shownState(record.machine);
  return {
    ...record,
    machine,
    correlationId,
    openIncident,
    wakeAt: wakeAt(machine, policyFrom(record.settings), now),
    revision: changed ? Math.max(now, record.revision + 1) : record.revision,
    pending: {
      row: record.pending.row || changed,
      facts: [...record.pending.facts, ...facts],
      asks: [...record.pending.asks, ...asks],
    },
  };
};

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
  facts: pending.facts,
});
