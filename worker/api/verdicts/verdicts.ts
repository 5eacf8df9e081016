import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { page } from '../../contract/common.ts';
import { verdictChangeView, verdictView } from '../../contract/verdicts.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { listVerdictChanges, type VerdictChange } from '../../db/verdicts/verdictChanges.ts';
import { verdicts as allVerdicts } from '../../domain/history/uptime.ts';
import type { ApiEnv } from '../http/context.ts';
import { ownMonitor } from '../http/monitorContext.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { periodQuery } from '../http/period.ts';
import { reply } from '../http/reply.ts';
import { validQuery } from '../http/validate.ts';
import { readPastVerdict, readVerdict, toVerdictChangeView } from './verdictView.ts';

/** Explains the verdict of this time; by default the present one. */
const verdictQuery = z.object({ at: periodQuery.shape.to });
const position = z.strictObject({
  at: z.int(),
  since: z.int(),
  verdict: z.enum(allVerdicts),
});

const findMonitor = (c: Context<ApiEnv>) => getMonitor(c.var.services.db, ownMonitor(c));

/** Explains the present and past verdicts of a monitor. Below `/monitors/:id`. */
export const verdicts = new Hono<ApiEnv>()
  .get('/verdict', validQuery(verdictQuery), async (c) => {
    const { services, requestId } = c.var;
    const { at } = c.req.valid('query');
    const monitor = await findMonitor(c);
    return reply(
      c,
      verdictView,
      at === undefined ? await readVerdict(services, monitor, requestId) : await readPastVerdict(services, monitor, at),
    );
  })
  .get('/verdicts', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { limit, cursor } = c.req.valid('query');
    const before = decodeCursor(cursor, actor.teamId, position) ?? undefined;
    const { number } = await findMonitor(c);
    const until = Number.MAX_SAFE_INTEGER;
    const rows = await listVerdictChanges(services.db, { number, until, before, limit: limit + 1 });
    const cursorAfter = ({ at, since, verdict }: VerdictChange) => encodeCursor(actor.teamId, { at, since, verdict });
    return reply(c, page(verdictChangeView), toPage(rows, limit, toVerdictChangeView, cursorAfter));
  });
