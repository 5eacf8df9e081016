import type { Look } from '../../domain/checks/references.ts';
import type { Region } from '../../domain/checks/region.ts';

/** A region gets at most one on-demand review in this time. */
const reviewEveryMs = 5_000;

/**
 * The times (ms) of the reviews that this call requests: at `at` and once more, unless a review is already requested for then.
 * Every request is followed by a review within `reviewEveryMs` after `at`, and there are never more.
 */
export const claimReviews = async (d1: D1Database, region: Region, at: number): Promise<number[]> => {
  const [first, second] = await d1.batch<{ review_at: number }>([
    d1
      .prepare(
        `INSERT INTO region_reviews (region, review_at) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET review_at = ?2 WHERE review_at <= ?2 - ${reviewEveryMs} RETURNING review_at`,
      )
      .bind(region, at),
    d1
      .prepare(
        `UPDATE region_reviews SET review_at = review_at + ${reviewEveryMs} WHERE region = ?1 AND review_at <= ?2
         RETURNING review_at`,
      )
      .bind(region, at),
  ]);
  return [...(first?.results ?? []), ...(second?.results ?? [])].map(({ review_at }) => review_at);
};

/** Results of the reference targets by region, for regions that were tested since then (ms). */
export const readLooks = async (d1: D1Database, since: number): Promise<Map<Region, Look>> => {
  const { results } = await d1
    .prepare('SELECT region, look FROM region_reviews WHERE looked_at >= ?1')
    .bind(since)
    .all<{ region: Region; look: string }>();
  return new Map(results.map(({ region, look }) => [region, JSON.parse(look) as Look]));
};

export const writeLooks = async (d1: D1Database, looks: ReadonlyMap<Region, Look>, now: number): Promise<void> => {
  const statements = [...looks].map(([region, look]) =>
    d1
      .prepare(
        `INSERT INTO region_reviews (region, looked_at, look) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET looked_at = ?2, look = ?3 WHERE looked_at <= ?2`,
      )
      .bind(region, now, JSON.stringify(look)),
  );
  if (statements.length > 0) await d1.batch(statements);
};
