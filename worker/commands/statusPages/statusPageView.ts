import type { StatusPageView } from '../../contract/views.ts';
import type { StatusPageRow } from '../../db/statusPages/statusPageRows.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';

export const toStatusPageView = ({
  id,
  slug,
  name,
  components,
  createdAt,
  updatedAt,
}: StatusPageRow): StatusPageView => ({
  id,
  slug,
  name,
  components,
  createdAt: toIsoTime(createdAt),
  updatedAt: toIsoTime(updatedAt),
});
