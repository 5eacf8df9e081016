import { isLoud, type Outcome } from '../../worker/domain/checks/outcome.ts';
import { normalizeRegions, type Region } from '../../worker/domain/checks/region.ts';
import {
  cohortOffsetMs,
  dispatchGap,
  dispatchLeadMs,
  dispatchWindow,
  dispatchWindowMs,
  regionStaggerMs,
  slotsBetween,
} from '../../worker/domain/checks/schedule.ts';
import {
  countedSpans,
  type Span,
  spansOf,
  uptimeOf,
  type VerdictMs,
  verdictMs,
} from '../../worker/domain/history/uptime.ts';
import { mergeSpans } from '../../worker/domain/maintenance/maintenance.ts';
import { maintenanceSpans, windowTimes } from '../../worker/domain/maintenance/maintenanceWindow.ts';
import { type CheckPolicy, policyOf } from '../../worker/domain/verdict/checkPolicy.ts';
import type { Effect } from '../../worker/domain/verdict/effect.ts';
import { type LastSeen, staleRegions } from '../../worker/domain/verdict/freshness.ts';
import { adopt, noteLastSeen, observe, tick, wakeAt } from '../../worker/domain/verdict/machine.ts';
import { initialState, type MonitorState, shownOf } from '../../worker/domain/verdict/state.ts';
import { Clock, randomFrom } from './clock.ts';
import { faultsAt, forThisMonitor, type Scenario } from './scenario.ts';
import { createReturn, meet } from './world.ts';

/** From a slot to its probe: cron, queue and consumer. Seeded within these bounds. */
const queueLagMs = { least: 50, most: 800 };

/** From the Monitor object's request to the probe, and from the end of a probe to its judgement. */
const askLagMs = 100;
const deliverLagMs = 30;

export interface Replayed {
  effects: Effect[];
  ms: VerdictMs;
  uptimePercent: number | null;
  probes: number;
  objectCalls: number;
  machine: MonitorState;
  base: number;
}

/** Everything that is planned, as the object of the monitor would read it. */
const maintenanceOf = ({ monitor, durationSeconds }: Scenario, base: number): Span[] => {
  const windows = monitor.recurringMaintenance.map((window) => windowTimes(forThisMonitor(window), base));
  const once = monitor.maintenance.map(({ from, to }) => ({ from: base + from * 1000, to: base + to * 1000 }));
  return mergeSpans([...once, ...maintenanceSpans(windows, base, base + durationSeconds * 1000)]);
};

const policyOfScenario = ({ monitor }: Scenario, maintenance: Span[]): CheckPolicy =>
  policyOf(normalizeRegions(monitor.regions), {
    quorum: monitor.quorum,
    confirmations: monitor.confirmations,
    recoveryConfirmations: monitor.recoveryConfirmations,
    confirmationPeriodMs: monitor.confirmationPeriodSeconds * 1000,
    recoveryPeriodMs: monitor.recoveryPeriodSeconds * 1000,
    intervalMs: monitor.intervalSeconds * 1000,
    timeoutMs: monitor.timeoutMs,
    maintenance,
  });

/**
 * Lives through a scenario on a virtual clock: the same functions decide as in the worker. What lies between them there
 * (cron, queue, Prober, D1, the object's storage) is here a delay, a counter or a list.
 */
export const replay = (scenario: Scenario): Replayed => {
  const base = Date.parse(scenario.start);
  const clock = new Clock(base);
  const end = base + scenario.durationSeconds * 1000;
  const random = randomFrom(scenario.seed);
  const policy = policyOfScenario(scenario, maintenanceOf(scenario, base));
  const object = createObject(policy, clock, (regions) => ask(regions));
  const ticks: LastSeen = {};
  let probes = 0;
  const carry = createReturn(scenario, clock, base);

  const probe = (region: Region, scheduledAt: number) => {
    probes++;
    const startedAt = clock.now;
    // As the message's consumer reads it from the monitor's row.
    const { regionHealth, suspect } = object.row();
    const known = { health: regionHealth[region] ?? 'unknown', suspect };
    const answer = meet(scenario, region, (startedAt - base) / 1000, random);
    const dataCentre = scenario.monitor.dataCentres[region] ?? null;
    const outcome: Outcome = { ...answer, region, dataCentre, scheduledAt, startedAt };
    clock.at(startedAt + answer.latencyMs + deliverLagMs, () =>
      carry(region, () => {
        ticks[region] = Math.max(ticks[region] ?? 0, startedAt);
        if (isLoud(known, outcome)) object.observe(outcome);
      }),
    );
  };
  const ask = (regions: readonly Region[]) => {
    const at = clock.now;
    for (const region of regions) clock.at(at + askLagMs, () => probe(region, at));
  };
  const runSlots = createSlots(scenario, policy, clock, random, probe);
  /** As sweepStaleRegions: of regions that count as something in the monitor's row. */
  const sweep = () => {
    const { regionHealth } = object.row();
    const spoken = policy.regions.filter((region) => (regionHealth[region] ?? 'unknown') !== 'unknown');
    if (staleRegions(spoken, ticks, policy, clock.now).length > 0) object.noteLastSeen({ ...ticks });
  };
  const minutes = new Set<number>();
  const cron = (cronAt: number) => {
    if (faultsAt(scenario, 'cron-missed', null, (cronAt - base) / 1000).length > 0) return;
    // As dispatchMinute: its own window, and the one before if no run did that.
    for (const at of [cronAt - 60_000, cronAt]) {
      const { minute, from, to } = dispatchWindow(at);
      if (minutes.has(minute)) continue;
      minutes.add(minute);
      runSlots(Math.max(from, clock.now), to);
    }
    sweep();
  };

  // Somebody creates the monitor: a first look at once, and the checks of the time that was dispatched before it came.
  object.adopt();
  ask(policy.regions);
  minutes.add(dispatchWindow(base - 60_000).minute).add(base);
  if (faultsAt(scenario, 'cron-missed', null, 0).length === 0)
    runSlots(base + 1_000, base + dispatchLeadMs + dispatchWindowMs);
  for (let at = base + 60_000; at < end; at += 60_000) clock.at(at, () => cron(at));
  clock.runUntil(end);
  // The result is read now: what became stale in the last minute counts as at the next cron run.
  sweep();
  const spans = spansOf(object.effects.filter((effect) => effect.type === 'verdict').map(toSpan));
  const history = { spans, gaps: gapsOf([...minutes], end), maintenance: policy.maintenance };
  const ms = verdictMs(countedSpans(history, { from: base, to: end }));
  const { effects, calls, machine } = object;
  return { effects, ms, uptimePercent: uptimeOf(ms), probes, objectCalls: calls(), machine: machine(), base };
};

const toSpan = ({ since, to }: Extract<Effect, { type: 'verdict' }>) => ({ since, verdict: to });

/** As in db/history/uptime.ts: a new monitor's first two minutes are covered without a dispatch. */
const gapsOf = (minutes: readonly number[], end: number): Span[] => {
  const edges = [...minutes.toSorted((a, b) => a - b), end - dispatchLeadMs];
  return edges.flatMap((minute, i) => (i === 0 ? [] : (dispatchGap(edges[i - 1] ?? minute, minute) ?? [])));
};

const createSlots =
  (
    { seed, monitor: { intervalSeconds } }: Scenario,
    { regions }: CheckPolicy,
    clock: Clock,
    random: () => number,
    probe: (region: Region, scheduledAt: number) => void,
  ) =>
  (from: number, to: number) => {
    const offsetMs = cohortOffsetMs(seed + 1, intervalSeconds);
    regions.forEach((region, index) => {
      const staggerMs = regionStaggerMs(index, regions.length, intervalSeconds);
      for (const slot of slotsBetween(from, to, intervalSeconds * 1000, offsetMs + staggerMs)) {
        const lagMs = queueLagMs.least + Math.round(random() * (queueLagMs.most - queueLagMs.least));
        clock.at(slot + lagMs, () => probe(region, slot));
      }
    });
  };

/** The Monitor object without its storage: folds, keeps what its row shows, and carries effects out. */
const createObject = (policy: CheckPolicy, clock: Clock, ask: (regions: readonly Region[]) => void) => {
  let machine: MonitorState = { ...initialState, since: clock.now };
  let row = shownOf(machine);
  let alarmAt: number | null = null;
  let calls = 0;
  const effects: Effect[] = [];
  const save = ([next, more]: [MonitorState, Effect[]]) => {
    if (machine !== next) row = shownOf(next);
    machine = next;
    effects.push(...more);
    for (const effect of more) if (effect.type === 'ask') clock.at(effect.at, () => ask(effect.regions));
    const at = wakeAt(machine, policy, clock.now);
    alarmAt = at;
    if (at !== null) clock.at(at, () => wake(at));
  };
  const wake = (at: number) => {
    if (alarmAt === at) save(tick(machine, policy, clock.now));
  };
  const call = (folded: [MonitorState, Effect[]]) => {
    calls++;
    save(folded);
  };
  return {
    row: () => row,
    effects,
    calls: () => calls,
    machine: () => machine,
    observe: (outcome: Outcome) => call(observe(machine, outcome, policy, clock.now)),
    noteLastSeen: (heard: LastSeen) => call(noteLastSeen(machine, heard, policy, clock.now)),
    adopt: () => call(adopt(machine, policy, clock.now)),
  };
};
