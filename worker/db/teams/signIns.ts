import type { User } from './accounts.ts';

/** Counts of failed sign-ins, and the networks that an account knows. Times are ms since the epoch. */

/** One count that an attempt may raise to `limit`. */
export interface Count {
  subject: string;
  until: number;
  limit: number;
}

const given = `json_each(?1) AS g`;
const [subject, until, limit] = ['subject', 'until', 'limit'].map((name) => `g.value ->> '${name}'`);
const isFull = `SELECT 1 FROM ${given} JOIN sign_in_failures AS f ON f.subject = ${subject} AND f.until = ${until}
  WHERE f.count >= ${limit}`;

/**
 * Counts an attempt in all of these, or in none where one of them is full; in one statement, so that simultaneous attempts
 * cannot pass together. Returns until when it has to wait; null where it counts.
 */
export const countAttempt = async (d1: D1Database, counts: readonly Count[]): Promise<number | null> => {
  const list = JSON.stringify(counts);
  const { meta } = await d1
    .prepare(
      `INSERT INTO sign_in_failures (subject, until, count) SELECT ${subject}, ${until}, 1 FROM ${given}
       WHERE NOT EXISTS (${isFull}) ON CONFLICT DO UPDATE SET count = count + 1`,
    )
    .bind(list)
    .run();
  if (meta.changes > 0) return null;
  const full = await d1
    .prepare(
      `SELECT max(f.until) AS until FROM ${given} JOIN sign_in_failures AS f ON f.subject = ${subject}
       AND f.until = ${until} WHERE f.count >= ${limit}`,
    )
    .bind(list)
    .first<number>('until');
  return full ?? Math.max(...counts.map((one) => one.until));
};

/** The attempt did not fail. */
export const uncountAttempt = (d1: D1Database, counts: readonly Count[]): D1PreparedStatement =>
  d1
    .prepare(
      `UPDATE sign_in_failures SET count = count - 1 FROM ${given}
       WHERE sign_in_failures.subject = ${subject} AND sign_in_failures.until = ${until} AND count > 0`,
    )
    .bind(JSON.stringify(counts));

/** The user with that e-mail, and whether they have signed in from this network before. */
export const findSigningIn = async (
  d1: D1Database,
  emailKey: string,
  place: string,
): Promise<(Pick<User, 'id' | 'passwordHash'> & { knowsPlace: boolean }) | null> => {
  const row = await d1
    .prepare(
      `SELECT id, password_hash AS passwordHash,
         EXISTS (SELECT 1 FROM sign_in_places WHERE user_id = users.id AND place = ?2) AS knowsPlace
       FROM users WHERE email_key = ?1`,
    )
    .bind(emailKey, place)
    .first<Pick<User, 'id' | 'passwordHash'> & { knowsPlace: number }>();
  return row && { ...row, knowsPlace: row.knowsPlace === 1 };
};

/** The latest networks of a user that are remembered. */
const maxPlaces = 20;

export const rememberPlace = (d1: D1Database, userId: string, place: string, now: number): D1PreparedStatement[] => [
  d1
    .prepare(
      `INSERT INTO sign_in_places (user_id, place, seen_at) VALUES (?1, ?2, ?3)
       ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at`,
    )
    .bind(userId, place, now),
  d1
    .prepare(
      `DELETE FROM sign_in_places WHERE user_id = ?1 AND place IN (
         SELECT place FROM sign_in_places WHERE user_id = ?1 ORDER BY seen_at DESC LIMIT -1 OFFSET ${maxPlaces})`,
    )
    .bind(userId),
];

const hourMs = 3_600_000;

/**
 * Writes failed sign-ins into the trails of the account's teams: one entry an hour that counts them, so that nobody can flood
 * the trail. For an unknown e-mail the same statement writes nothing, so that it takes as long.
 */
export const recordFailure = (d1: D1Database, emailKey: string, now: number): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO audit_entries (id, team_id, at, author, action, monitor, detail)
       SELECT 'aud_' || u.id || '_' || m.team_id || '_' || ?3, m.team_id, ?2, u.id, 'sign-in.failed', NULL,
         json_object('subjectId', u.id, 'subjectName', u.email, 'attempts', 1)
       FROM users AS u JOIN members AS m ON m.user_id = u.id WHERE u.email_key = ?1
       ON CONFLICT (id) DO UPDATE SET detail = json_set(detail, '$.attempts', (detail ->> '$.attempts') + 1)`,
    )
    .bind(emailKey, now, Math.floor(now / hourMs));

export const deletionOfSignIns = (d1: D1Database, now: number): D1PreparedStatement =>
  d1.prepare('DELETE FROM sign_in_failures WHERE until < ?1').bind(now);
