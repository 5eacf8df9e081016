import { env } from 'cloudflare:workers';
import { createServices } from '../../../worker/services.ts';
import { countedDatabase } from './countedD1.ts';

/** The cost of a statement, by D1's own metadata, which is the basis of its bill. */
export interface Billed {
  query: string;
  rowsRead: number;
  rowsWritten: number;
}

/** The environment, and services, whose database keeps account of every statement. */
export const billedServices = () => {
  const billed: Billed[] = [];
  const DB = countedDatabase(env.DB, ({ query }, { meta }) => {
    billed.push({ query, rowsRead: meta.rows_read, rowsWritten: meta.rows_written });
  });
  const billedEnv: Env = { ...env, DB };
  const rowsWritten = (about: RegExp = /./) =>
    billed.filter(({ query }) => about.test(query)).reduce((sum, statement) => sum + statement.rowsWritten, 0);
  return { services: createServices(billedEnv), env: billedEnv, billed, rowsWritten };
};
