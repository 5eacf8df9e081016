import { and, eq, sql } from 'drizzle-orm';
import { type Target, targetTypes } from '../../domain/escalation/escalationPolicy.ts';
import { type FieldProblem, PharosError } from '../../errors.ts';
import { channels, onCallSchedules, people } from '../schema.ts';
import type { Database } from './client.ts';

const tables = { channel: channels, person: people, onCall: onCallSchedules } satisfies Record<Target['type'], unknown>;
const words = { channel: 'channel', person: 'person', onCall: 'on-call schedule' };

/**
 * Throws `invalid_request` with a line for each of `named` that the team does not have, at its `path`. Objects of another team
 * are treated like those that do not exist.
 */
export const requireOwn = async (
  db: Database,
  teamId: string,
  named: readonly (Target & { path: string })[],
  refusal: string,
): Promise<void> => {
  const problems: FieldProblem[] = [];
  for (const type of targetTypes) {
    const ofType = named.filter((one) => one.type === type);
    const own = await ownIds(
      db,
      tables[type],
      teamId,
      ofType.map(({ id }) => id),
    );
    const message = `This ${words[type]} does not exist.`;
    problems.push(...ofType.filter(({ id }) => !own.has(id)).map(({ path }) => ({ path, message })));
  }
  if (problems.length > 0) throw new PharosError('invalid_request', refusal, problems);
};

const ownIds = async (
  db: Database,
  table: (typeof tables)[Target['type']],
  teamId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: table.id })
    .from(table)
    .where(and(eq(table.teamId, teamId), sql`${table.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`));
  return new Set(rows.map(({ id }) => id));
};
