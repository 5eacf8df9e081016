import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const folderOf = (database: string) => join(database, 'v3/d1/miniflare-D1DatabaseObject');

/** The rows of a query on the D1 database of a local copy that does not run; none where there is no such table yet. */
export const queryLocal = <Row>(database: string, table: string, query: string): Row[] => {
  const folder = folderOf(database);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^[0-9a-f]{64}\.sqlite$/.test(file)) : [];
  return files.flatMap((file) => {
    const sqlite = new DatabaseSync(join(folder, file));
    try {
      const isThere = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
      return isThere ? (sqlite.prepare(query).all() as Row[]) : [];
    } finally {
      sqlite.close();
    }
  });
};
