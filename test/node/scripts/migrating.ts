import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const folder = new URL('../../../migrations/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .toSorted();

const apply = (db: DatabaseSync, names: readonly string[]) => {
  for (const name of names)
    for (const statement of readFileSync(new URL(name, folder), 'utf8').split('--> statement-breakpoint'))
      db.exec(statement);
};

/** An empty database as it was before the migration of this name, and what applies that one and all later ones. */
export const databaseBefore = (migration: string) => {
  const at = files.findIndex((name) => name.endsWith(`_${migration}.sql`));
  if (at < 0) throw new Error(`There is no migration ${migration}`);
  const db = new DatabaseSync(':memory:');
  apply(db, files.slice(0, at));
  return { db, migrate: () => apply(db, files.slice(at)) };
};
