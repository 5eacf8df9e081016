import type { ReclassifiedAs, Verdict } from '../domain/history/uptime.ts';
import type { AuthorView } from './common.ts';

export interface ReclassificationView {
  id: string;
  monitorId: string;
  from: string;
  to: string;
  as: ReclassifiedAs;
  /** Plain text. */
  reason: string;
  author: AuthorView;
  createdAt: string;
  /** Since then it counts no more; null while it does. */
  revokedAt: string | null;
  revokedBy: AuthorView;
}

/** What a reclassification would change. */
export interface ReclassificationPreview {
  /** Of the time itself, seconds per verdict. */
  seconds: { before: Record<Verdict, number>; after: Record<Verdict, number> };
  /** Percent of the last 30 days. */
  uptime30d: { before: number | null; after: number | null };
}
