import { wakeChannels } from '../alerts/outbox/wake.ts';
import { askRegions, checkDependencies } from '../checks/dispatch/onDemand.ts';
import { notifyDependents } from '../checks/pipeline/dependents.ts';
import type { Dependent } from '../db/checks/dependents.ts';
import { writeDecision } from '../db/decisions/decisions.ts';
import { checkPolicyFrom } from '../domain/verdict/checkPolicy.ts';
import type { Services } from '../services.ts';
import { withCountedTime } from './countedTime.ts';
import { nameOfDelivery } from './escalating.ts';
import { decisionOf, type MonitorRecord, nameOf, type PendingAsk } from './monitorRecord.ts';
import { logTransitions, publishDecision } from './publishDecision.ts';

/** Later than this, on-demand checks are pointless: regular checks have run meanwhile. */
const askWithinMs = 30_000;

/** An on-demand check without a turn at the target's domain is tried again after this long, until the next regular checks. */
const askAgainMs = 10_000;

/** The store of a Monitor object's record. */
export interface RecordStore {
  load(): Promise<MonitorRecord | undefined>;
  /** Changes the pending effects of the latest record. */
  update(change: (latest: MonitorRecord) => Partial<MonitorRecord['pending']>): Promise<void>;
}

/**
 * Carries out the pending effects of a monitor's record. Each is done before it is settled, so it is repeated after a crash.
 * Throws where an effect failed.
 */
export const carryOut = async (services: Services, store: RecordStore): Promise<void> => {
  const record = await store.load();
  if (!record) return;
  const { row, deliveries } = record.pending;
  const dependents = row || deliveries.length > 0 ? await writePending(services, store, record) : null;
  await askDue(services, store);
  await refreshUpstream(services, store);
  await callDependents(services, store, dependents);
};

/** Returns the dependents that wait for this decision; null where they were not requested. */
const writePending = async (
  services: Services,
  store: RecordStore,
  record: MonitorRecord,
): Promise<Dependent[] | null> => {
  const { pending, correlationId } = record;
  const decision = decisionOf(record);
  const { isWritten, isWatched, waiting, dependents } = await writeDecision(services.d1, decision, Date.now(), {
    // Parallel to the other reads: each trip to the database delays the message.
    messages: withCountedTime(services, record, pending.deliveries),
    listDependents: pending.notifyDependents,
    limits: services.config.teamLimits,
  });
  if (isWritten) logTransitions(record);
  if (isWritten && isWatched) await publishDecision(services, record);
  await wakeChannels(services, waiting, correlationId);
  const settled = new Set([...decision.timelineEvents.map(nameOf), ...decision.deliveries.map(nameOfDelivery)]);
  await store.update((latest) => ({
    row: latest.revision !== decision.revision,
    timelineEvents: latest.pending.timelineEvents.filter((timelineEvent) => !settled.has(nameOf(timelineEvent))),
    deliveries: latest.pending.deliveries.filter((delivery) => !settled.has(nameOfDelivery(delivery))),
  }));
  return dependents;
};

/** Probers answer such a request at once and deliver the outcomes like any others. */
const askDue = async (services: Services, store: RecordStore): Promise<void> => {
  const record = await store.load();
  const now = Date.now();
  const due = record?.pending.asks.filter((ask) => ask.at <= now) ?? [];
  if (!record || due.length === 0) return;
  const inTime = due.filter((ask) => ask.at > now - askWithinMs);
  const regions = new Set(inTime.flatMap((ask) => ask.regions));
  const turn = await askRegions(services, record.ref.number, [...regions], record.correlationId);
  const { intervalMs } = checkPolicyFrom(record.settings);
  const again = turn === 'refused' ? inTime.flatMap((ask) => askedAgain(ask, intervalMs, now)) : [];
  await store.update((latest) => ({
    asks: [
      ...latest.pending.asks.filter((ask) => !due.some((d) => d.at === ask.at && `${d.regions}` === `${ask.regions}`)),
      ...(latest.machine.suspicion ? again : []),
    ],
  }));
};

/** A single region's view of an outage must not wait for the next hour because others have used up the domain's turns. */
const askedAgain = ({ regions, at, until = at }: PendingAsk, intervalMs: number, now: number): PendingAsk[] => {
  const again = { regions, at: now + askAgainMs, until: until === at ? at + intervalMs : until };
  return again.at < again.until ? [again] : [];
};

/** Dependencies may have failed as well and not been checked yet: whether this monitor's alert is suppressed depends on that. */
const refreshUpstream = async (services: Services, store: RecordStore): Promise<void> => {
  const record = await store.load();
  if (!record?.pending.refreshUpstream) return;
  await checkDependencies(services, record.ref.number, record.correlationId);
  await store.update(() => ({ refreshUpstream: false }));
};

const callDependents = async (services: Services, store: RecordStore, known: Dependent[] | null): Promise<void> => {
  const record = await store.load();
  if (!record?.pending.notifyDependents) return;
  await notifyDependents(services, record.ref.number, record.correlationId, known);
  await store.update((latest) => ({ notifyDependents: latest.revision !== record.revision }));
};
