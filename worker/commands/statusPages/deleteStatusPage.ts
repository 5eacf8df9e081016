import { z } from 'zod';
import { removeStatusPage } from '../../db/statusPages/statusPages.ts';
import { command } from '../command.ts';

/** Throws `not_found`. */
export const deleteStatusPage = command(
  'status-page.delete',
  { audits: 'status-page.deleted' },
  z.strictObject({ pageId: z.string() }),
  ({ services, actor: { teamId, userId } }, { pageId: id }) => removeStatusPage(services, { teamId, userId, id }),
);
