import { insertStatusPage } from '../../db/statusPages/statusPages.ts';
import { createStatusPageSchema } from '../../domain/statusPages/statusPage.ts';
import { command } from '../command.ts';
import { toStatusPageView } from './statusPageView.ts';

/** Throws `slug_taken`, `limit_reached`, and `invalid_request` for a monitor that the team does not have. */
export const createStatusPage = command(
  'status-page.create',
  { audits: 'status-page.created' },
  createStatusPageSchema,
  async ({ services, actor: { teamId, userId } }, input) =>
    toStatusPageView(await insertStatusPage(services, { teamId, userId, input })),
);
