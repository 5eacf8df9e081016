import type { ReclassificationView } from '../../contract/history.ts';
import type { ReclassificationRow } from '../../db/history/reclassifications.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import { toAuthorView } from '../viewFields.ts';

export const toReclassificationView =
  (monitorId: string) =>
  (row: ReclassificationRow): ReclassificationView => ({
    id: row.id,
    monitorId,
    from: toIsoTime(row.from),
    to: toIsoTime(row.to),
    as: row.as,
    reason: row.reason,
    author: toAuthorView(row.author, row.authorEmail),
    createdAt: toIsoTime(row.createdAt),
    revokedAt: toIsoTimeOrNull(row.revokedAt),
    revokedBy: toAuthorView(row.revokedBy, row.revokedByEmail),
  });
