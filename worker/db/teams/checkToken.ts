import { and, eq, isNull } from 'drizzle-orm';
import { seal, unseal } from '../../crypto/seal.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { teams } from '../schema.ts';

/** A secret of 192 random bits, by which targets of a team recognise its checks. */
const newToken = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
};

/** A new token, encrypted. */
export const sealedToken = ({ config }: Services, teamId: string) => seal(config.encryptionKey, teamId, newToken());

/** Throws where the stored text does not open (crypto/seal.ts). */
export const openToken = ({ config }: Pick<Services, 'config'>, teamId: string, sealed: string): Promise<string> =>
  unseal(config.encryptionKey, teamId, sealed);

/** Null where the team has none yet. */
export const readCheckToken = async (services: Services, teamId: string): Promise<string | null> => {
  const [row] = await services.db.select({ sealed: teams.checkToken }).from(teams).where(eq(teams.id, teamId));
  return row?.sealed ? openToken(services, teamId, row.sealed) : null;
};

/** Replaces the token of future checks and deletes the former one. */
export const replaceCheckToken = async (
  services: Services,
  { teamId, userId }: { teamId: string; userId: string },
): Promise<void> => {
  const { db, now } = services;
  const own = eq(teams.id, teamId);
  const detail = { changes: [{ field: 'checkToken' }] };
  await db.batch([
    recordDone(db, { author: userId, at: now(), action: 'team.changed', detail }, own),
    db
      .update(teams)
      .set({ checkToken: await sealedToken(services, teamId) })
      .where(own),
  ]);
};

/**
 * Gives the team a token where it has none; belongs into the batch of the monitor that is to send it. `sealed` comes from
 * `sealedToken`.
 */
export const ensureCheckToken = (db: Database, teamId: string, sealed: string) =>
  db
    .update(teams)
    .set({ checkToken: sealed })
    .where(and(eq(teams.id, teamId), isNull(teams.checkToken)));
