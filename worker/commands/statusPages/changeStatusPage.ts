import { z } from 'zod';
import { updateStatusPage } from '../../db/statusPages/statusPages.ts';
import { changeStatusPageSchema } from '../../domain/statusPages/statusPage.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { command } from '../command.ts';
import { toStatusPageView } from './statusPageView.ts';

/**
 * `updatedAt`: the version that the change is based on. Throws `not_found`, `slug_taken`, `invalid_request`, and
 * `version_conflict` if somebody else changed that version.
 */
export const changeStatusPage = command(
  'status-page.change',
  { audits: 'status-page.changed' },
  changeStatusPageSchema.extend({ pageId: z.string(), updatedAt: isoTime.optional() }),
  async ({ services, actor: { teamId, userId } }, { pageId: id, updatedAt: seenAt, ...change }) =>
    toStatusPageView(await updateStatusPage(services, { teamId, userId, id, seenAt, change })),
);
