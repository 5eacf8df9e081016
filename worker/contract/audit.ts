import type { ReclassifiedAs } from '../domain/history/uptime.ts';
import type { AuditAction, AuditChange } from '../domain/teams/audit.ts';
import type { AuthorView } from './common.ts';

/** Something that a person did and that changed what is told or counted. */
export interface AuditEntryView {
  id: string;
  at: string;
  author: AuthorView;
  action: AuditAction;
  /** By the name that it had then. */
  monitor: { id: string; name: string; deleted: boolean } | null;
  /** What else it is about, as the first word of the action says, by the name that it had then. */
  subject: { id: string; name: string; deleted: boolean } | null;
  incidentId: string | null;
  reason: string | null;
  reclassification: { id: string; as: ReclassifiedAs; from: string; to: string } | null;
  /** Of sign-ins: from which network, whether the account knew that or the device, and of failed ones how many in that hour. */
  signIn: { network: string | null; isKnown: boolean | null; attempts: number | null } | null;
  /** Of what was changed; without values where these may be secret. */
  changes: AuditChange[];
}
