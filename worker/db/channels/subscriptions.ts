import { maskedSecret } from '../../domain/monitors/monitor.ts';

/**
 * Browsers that have ended their subscription: the address and keys of the subscription are deleted, so that nothing is sent
 * there again, and a mask stays in their place.
 */

export const isGone = (row: { kind: string; sealed: string | null; settings: Record<string, unknown> }): boolean =>
  row.kind === 'web-push' && row.sealed === null && row.settings.endpoint === maskedSecret;

/** `isGone` in SQL, of the row `channel` of `channels`. */
export const isGoneColumn = (channel: string): string =>
  `(${channel}.kind = 'web-push' AND ${channel}.sealed IS NULL AND ${channel}.settings ->> 'endpoint' = '${maskedSecret}')`;

/**
 * Deletes a subscription that had ended at `at` (ms since the epoch), the start of the attempt that found out. A subscription
 * that the browser has stored since stays. Idempotent.
 */
export const deleteSubscription = (d1: D1Database, channelId: string, at: number): D1PreparedStatement =>
  d1
    .prepare(
      `UPDATE channels SET sealed = NULL, settings = json_set(settings, '$.endpoint', ?3, '$.auth', ?3)
       WHERE id = ?1 AND kind = 'web-push' AND updated_at <= ?2`,
    )
    .bind(channelId, at, maskedSecret);
