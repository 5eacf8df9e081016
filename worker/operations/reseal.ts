import { isStoredInClear, openSettings, type Settings, storeSettings } from '../alerts/channels/secrets.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { seal, sealedPrefix, unseal } from '../crypto/seal.ts';
import {
  parts,
  type Resealing,
  readResealing,
  type SealedRow,
  sealedRows,
  updateSealed,
  writeResealing,
} from '../db/operations/resealing.ts';
import type { ChannelKind } from '../domain/delivery/channelKind.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import type { Services } from '../services.ts';

/** A new number seals all channels again: fields of theirs have become secret. */
const form = 2;

const rowsAtOnce = 250;
const chunksPerMinute = 8;
/** Workers of the previous version may still write under the older key for a moment: a later pass finds those rows. */
const settleMs = 5 * 60_000;

const resealVersion = ({ newest }: Keyring) => `${newest.id}/${form}`;

/**
 * Seals texts of older keys with the newest one, and clear texts that must be sealed; a little in each minute, from the position
 * of the minute before. Once all is done it costs one row read a minute.
 */
export const resealOld = async (services: Services): Promise<void> => {
  const { d1, config, now } = services;
  const version = resealVersion(config.encryptionKey);
  const known = await readResealing(d1);
  if (known?.version === version && known.doneAt !== null) return;
  let state = known?.version === version ? known : begin(version, now());
  for (let chunk = 0; chunk < chunksPerMinute && state.doneAt === null; chunk++) {
    const before: Resealing = state;
    state = before.part < parts.length ? await resealChunk(services, before) : await endPass(services, before);
    if (state === before) break;
  }
  if (state.doneAt !== null) log('reseal', newId('run'), { version, resealed: state.resealed, failed: state.failed });
};

const begin = (version: string, now: number): Resealing => ({
  ...{ version, since: now, passAt: now, part: 0, after: '', resealed: 0, failed: 0, doneAt: null },
});

const endPass = async ({ d1, now }: Services, state: Resealing): Promise<Resealing> => {
  const at = now();
  const isLast = state.passAt >= state.since + settleMs;
  if (!isLast && at < state.since + settleMs) return state;
  const next = isLast ? { ...state, doneAt: at } : { ...state, passAt: at, part: 0, after: '', failed: 0 };
  await writeResealing(d1, next).run();
  return next;
};

const resealChunk = async (services: Services, state: Resealing): Promise<Resealing> => {
  const { d1 } = services;
  const part = parts[state.part] ?? 'monitors';
  const rows = await sealedRows(d1, part, state.after, rowsAtOnce);
  const written: D1PreparedStatement[] = [];
  let failed = 0;
  for (const row of rows) {
    const again = await resealed(services, row).catch((error: unknown) => {
      logFailure('reseal', row.id, error);
      failed++;
      return null;
    });
    if (again) written.push(updateSealed(d1, part, row, again));
  }
  const last = rows.at(-1);
  const next: Resealing = {
    ...state,
    ...(last && rows.length === rowsAtOnce ? { after: last.position } : { part: state.part + 1, after: '' }),
    resealed: state.resealed + written.length,
    failed: state.failed + failed,
  };
  await d1.batch([...written, writeResealing(d1, next)]);
  return next;
};

/** Null where it is up to date. Throws where no key opens it. */
const resealed = async ({ config }: Services, row: SealedRow) => {
  const keys = config.encryptionKey;
  const { id, sealed, kind, settings } = row;
  const isOld = sealed !== null && !sealed.startsWith(sealedPrefix(keys.newest));
  if (settings === null)
    return isOld ? { sealed: await seal(keys, id, await unseal(keys, id, sealed)), settings } : null;
  const shown = JSON.parse(settings) as Settings;
  const channel = kind as ChannelKind;
  if (!isOld && !isStoredInClear(channel, shown)) return null;
  const stored = await storeSettings(channel, id, await openSettings(id, { shown, sealed }, keys), keys);
  return { sealed: stored.sealed, settings: JSON.stringify(stored.shown) };
};
