/** Access to everything that is sealed, for sealing it again. */
export interface SealedRow {
  /** The context that the sealed text is bound to. */
  id: string;
  /** Ascending within a part; the next search starts here. */
  position: string;
  sealed: string | null;
  /** Kind, for channels. */
  kind: string | null;
  settings: string | null;
}

/** Tables with sealed texts, in the order in which they are processed. */
export const parts = ['monitors', 'channels', 'deleted_channels', 'teams'] as const;

const queries = {
  monitors: `SELECT id, CAST(number AS TEXT) AS position, sealed, NULL AS kind, NULL AS settings FROM monitors
             WHERE number > CAST(?1 AS INTEGER) ORDER BY number LIMIT ?2`,
  channels: 'SELECT id, id AS position, sealed, kind, settings FROM channels WHERE id > ?1 ORDER BY id LIMIT ?2',
  deleted_channels:
    'SELECT id, id AS position, sealed, kind, settings FROM deleted_channels WHERE id > ?1 ORDER BY id LIMIT ?2',
  teams: `SELECT id, id AS position, check_token AS sealed, NULL AS kind, NULL AS settings FROM teams
          WHERE id > ?1 ORDER BY id LIMIT ?2`,
} as const;

export const sealedRows = async (
  d1: D1Database,
  part: (typeof parts)[number],
  after: string,
  limit: number,
): Promise<SealedRow[]> => (await d1.prepare(queries[part]).bind(after, limit).all<SealedRow>()).results;

const columns = { monitors: 'sealed', teams: 'check_token' } as const;

/** Only where nobody else has written since; a version that people see (`updated_at`) stays, because nothing changes for them. */
export const updateSealed = (
  d1: D1Database,
  part: (typeof parts)[number],
  before: SealedRow,
  after: { sealed: string | null; settings: string | null },
): D1PreparedStatement =>
  part === 'monitors' || part === 'teams'
    ? d1
        .prepare(`UPDATE ${part} SET ${columns[part]} = ?2 WHERE id = ?1 AND ${columns[part]} = ?3`)
        .bind(before.id, after.sealed, before.sealed)
    : d1
        .prepare(`UPDATE ${part} SET sealed = ?2, settings = ?3 WHERE id = ?1 AND sealed IS ?4 AND settings = ?5`)
        .bind(before.id, after.sealed, after.settings, before.sealed, before.settings);

export interface Resealing {
  version: string;
  since: number;
  passAt: number;
  part: number;
  after: string;
  resealed: number;
  failed: number;
  doneAt: number | null;
}

export const readResealing = (d1: D1Database): Promise<Resealing | null> =>
  d1
    .prepare(
      `SELECT version, since, pass_at AS passAt, part, after, resealed, failed, done_at AS doneAt
       FROM resealing WHERE id = 1`,
    )
    .first<Resealing>();

export const writeResealing = (d1: D1Database, state: Resealing): D1PreparedStatement => {
  const { version, since, passAt, part, after, resealed, failed, doneAt } = state;
  return d1
    .prepare(
      `INSERT INTO resealing (id, version, since, pass_at, part, after, resealed, failed, done_at)
       VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, since = excluded.since, pass_at = excluded.pass_at,
         part = excluded.part, after = excluded.after, resealed = excluded.resealed, failed = excluded.failed,
         done_at = excluded.done_at`,
    )
    .bind(version, since, passAt, part, after, resealed, failed, doneAt);
};
