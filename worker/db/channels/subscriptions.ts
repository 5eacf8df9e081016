import { maskedSecret } from '../../domain/monitors/monitor.ts';

/**
 * Browsers that have ended their subscription: what it took to reach them is deleted, so that nothing is sent there again,
 * and a mask stays in its place.
 */

export const isGone = (row: { kind: string; sealed: string | null; settings: Record<string, unknown> }): boolean =>
  row.kind === 'web-push' && row.sealed === null && row.settings.endpoint === maskedSecret;

/** `isGone` in SQL, of the row `channel` of `channels`. */
export const isGoneColumn = (channel: string): string =>
  `(${channel}.kind = 'web-push' AND ${channel}.sealed IS NULL AND ${channel}.settings ->> 'endpoint' = '${maskedSecret}')`;

/**
 * Deletes a subscription that had ended at `at` (ms since the epoch), when the attempt began that found it so. One that the
 * browser has stored since stays. Done twice it changes nothing.
 */
export const deleteSubscription = (d1: D1Database, channelId: string, at: number): D1PreparedStatement =>
  d1
    .prepare(
      `UPDATE channels SET sealed = NULL, settings = json_set(settings, '$.endpoint', ?3, '$.auth', ?3)
       WHERE id = ?1 AND kind = 'web-push' AND updated_at <= ?2`,
    )
    .bind(channelId, at, maskedSecret);
