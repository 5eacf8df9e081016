import type { Region } from '../../domain/checks/region.ts';
import type { Services } from '../../services.ts';
import { within } from '../../within.ts';
import { chunks } from './chunks.ts';
import { type ChecksMessage, type PackedMessage, packMessages, unpackMessage } from './message.ts';

/** A queue takes at most 100 messages and 256,000 bytes at once; a batch is below 1,500 bytes. */
const batchesPerSend = 100;

/** An invocation has six connections; more would wait in the platform, after their delay was computed. */
const sendsAtOnce = 6;

/** An overloaded queue was observed to answer after 57 s (https://github.com/cloudflare/workerd/issues/6053). */
export const sendTimeoutMs = 10_000;

/** As `trySending`; throws where a region's queue refused any. */
export const sendMessages = async (services: Services, messages: readonly ChecksMessage[]): Promise<void> => {
  const [failure] = (await trySending(services, messages)).values();
  if (failure) throw failure.error;
};

/**
 * Sends each message to its region's queue, to be delivered at its slot. A queue counts the delay, in whole seconds, from the
 * send: so each group's delays are computed as it leaves, and messages that are due first leave first. Nothing is sent after
 * `until` (ms since the epoch). Returns the regions whose queues did not take all, and why.
 */
export const trySending = async (
  services: Services,
  messages: readonly ChecksMessage[],
  until = Number.POSITIVE_INFINITY,
): Promise<Map<Region, { error: unknown }>> => {
  const waiting = groupsOf(messages).values();
  const failures = new Map<Region, { error: unknown }>();
  const send = async ({ region, group }: Group) => {
    const now = services.now();
    if (now >= until) throw new Error('Sending the checks of this minute took too long');
    const delayed = packMessages(group).map((body) => ({ body, delaySeconds: delaySeconds(slotOf(body), now) }));
    await inTime(services.queue(region).sendBatch(delayed), sendTimeoutMs);
  };
  const work = async () => {
    for (const group of waiting) {
      // A region whose queue refused a group twice is skipped: all its messages are sent again later.
      if (failures.has(group.region)) continue;
      await send(group).catch(() => send(group).catch((error: unknown) => failures.set(group.region, { error })));
    }
  };
  await Promise.all(Array.from({ length: sendsAtOnce }, work));
  return failures;
};

interface Group {
  region: Region;
  group: ChecksMessage[];
}

/** The messages that are due first come first. */
const groupsOf = (messages: readonly ChecksMessage[]): Group[] => {
  const bySlot = messages.toSorted((a, b) => a.slot - b.slot);
  const groups = [...Map.groupBy(bySlot, ({ region }) => region)].flatMap(([region, own]) =>
    chunks(own, batchesPerSend).map((group) => ({ region, group })),
  );
  return groups.toSorted((a, b) => (a.group[0]?.slot ?? 0) - (b.group[0]?.slot ?? 0));
};

const slotOf = (message: ChecksMessage | PackedMessage) => unpackMessage(message)[0]?.slot ?? 0;

const delaySeconds = (slot: number, now: number) => Math.max(0, Math.round((slot - now) / 1000));

const inTime = (work: Promise<unknown>, ms: number) =>
  within(ms, work, () => new Error(`A queue did not answer within ${ms} ms`));
