import { randomBytes } from 'node:crypto';
import { keyringOf } from '../../worker/crypto/keyring.ts';

/** Keys of which there may be two: a new one goes where the newest does not stand, and the older goes on opening. */
const rotated = ['ENCRYPTION_KEY', 'SESSION_SECRET'] as const;

const nameIn = (name: (typeof rotated)[number], place: 1 | 2) => (place === 1 ? name : `${name}_2`);

/** The ids of rotated keys end with their place; a plain key is in the first. */
const placeOf = (id: string): 1 | 2 => (id.endsWith('2') ? 2 : 1);

export interface NewKeys {
  id: string;
  /** Settings by name. */
  values: Record<string, string>;
}

/** New random keys for the place in which the newest key, of this id, does not stand. */
export const newKeys = (newestId: string, now: number): NewKeys => {
  const place = placeOf(newestId) === 2 ? 1 : 2;
  const id = `${now.toString(36)}${place}`;
  const secret = () => `${id}:${randomBytes(32).toString('base64url')}`;
  return { id, values: Object.fromEntries(rotated.map((name) => [nameIn(name, place), secret()])) };
};

/** Progress of the worker (worker/operations/reseal.ts); null where it has not begun yet. */
export interface Progress {
  version: string;
  resealed: number;
  failed: number;
  doneAt: number | null;
}

export const progressQuery = 'SELECT version, resealed, failed, done_at AS doneAt FROM resealing WHERE id = 1';

/** The id of the key that a worker sealed with. */
export const keyIdOf = ({ version }: Progress) => version.split('/')[0] ?? '';

/**
 * Whether a new key may take its place now. Where an older one stands there, everything must have been sealed under the
 * newest first: what the older one alone opens would be lost.
 */
export const mayRotate = (newestId: string, isPlaceTaken: boolean, progress: Progress | null): boolean =>
  !isPlaceTaken || (progress !== null && progress.doneAt !== null && keyIdOf(progress) === newestId);

/** The id of the newest key in these settings, and whether the place for the next one is taken. */
export const standing = (settings: Record<string, string | undefined>) => {
  const keys = keyringOf([settings.ENCRYPTION_KEY ?? '', settings.ENCRYPTION_KEY_2 ?? '']);
  if (!keys) throw new Error('ENCRYPTION_KEY is missing, or its two keys have the same id.');
  const newestId = keys.newest.id;
  const next = nameIn('ENCRYPTION_KEY', placeOf(newestId) === 2 ? 1 : 2);
  return { newestId, isPlaceTaken: Boolean(settings[next]) };
};
