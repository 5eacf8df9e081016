import { Hono } from 'hono';
import { z } from 'zod';
import { toAuthorView } from '../../commands/viewFields.ts';
import { auditEntryView } from '../../contract/audit.ts';
import { page } from '../../contract/common.ts';
import type { AuditEntryView } from '../../contract/views.ts';
import { type AuditRow, auditedMonitor, listAudit } from '../../db/audit/audit.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import type { ApiEnv } from '../http/context.ts';
import { requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, idQuery, pageQuery, toPage } from '../http/pagination.ts';
import { reply } from '../http/reply.ts';
import { validQuery } from '../http/validate.ts';

const listQuery = pageQuery.extend({ monitorId: idQuery });
const position = z.strictObject({ at: z.int(), id: z.string() });

const toView = ({ id, at, author, authorEmail, action, detail, existing, subjectExists }: AuditRow): AuditEntryView => {
  const {
    monitorId,
    monitorName,
    subjectId,
    subjectName,
    incidentId = null,
    reason = null,
    reclassification,
    changes = [],
    network = null,
    isKnown = null,
    attempts = null,
  } = detail;
  return {
    id,
    at: toIsoTime(at),
    author: toAuthorView(author, authorEmail),
    action,
    monitor:
      monitorId !== undefined && monitorName !== undefined
        ? { id: monitorId, name: monitorName, deleted: existing === null }
        : null,
    subject:
      subjectId !== undefined && subjectName !== undefined
        ? { id: subjectId, name: subjectName, deleted: subjectExists === 0 }
        : null,
    incidentId,
    reason,
    reclassification: reclassification
      ? { ...reclassification, from: toIsoTime(reclassification.from), to: toIsoTime(reclassification.to) }
      : null,
    signIn: action.startsWith('sign-in.') ? { network, isKnown, attempts } : null,
    changes,
  };
};

export const audit = new Hono<ApiEnv>().use(requireSession).get('/', validQuery(listQuery), async (c) => {
  const { services, actor } = c.var;
  const { teamId } = actor;
  const { limit, cursor, monitorId } = c.req.valid('query');
  const before = decodeCursor(cursor, teamId, position) ?? undefined;
  const monitor = monitorId === undefined ? undefined : await auditedMonitor(services.db, { teamId, id: monitorId });
  const rows = await listAudit(services.db, { teamId, monitor, before, limit: limit + 1 });
  const cursorAfter = ({ at, id }: AuditRow) => encodeCursor(teamId, { at, id });
  return reply(c, page(auditEntryView), toPage(rows, limit, toView, cursorAfter));
});
