import type { Sent, Unrecorded } from '../alerts/outbox/unrecorded.ts';
import { renameOlderFields } from './olderFields.ts';

const prefix = 'sent:';
/** An attempt that was recorded although the response was lost is never requested again. */
const keptForMs = 24 * 3_600_000;

/** Attempts in the storage of the object that made them. */
export const unrecordedIn = (storage: DurableObjectStorage): Unrecorded => ({
  // A deployment may have changed names within the day for which they are kept.
  get: async (number) => renameOlderFields(await storage.get(prefix + number)) as Sent | undefined,
  put: async (number, sent) => {
    const kept = await storage.list<Sent>({ prefix });
    const old = [...kept].flatMap(([key, { at }]) => (at < sent.at - keptForMs ? [key] : []));
    for (let i = 0; i < old.length; i += 128) void storage.delete(old.slice(i, i + 128));
    await storage.put(prefix + number, sent);
  },
  delete: async (number) => {
    await storage.delete(prefix + number);
  },
});
