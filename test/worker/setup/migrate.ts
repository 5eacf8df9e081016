import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/**
 * By hand, because `applyD1Migrations` comes from a module that loads the whole worker, which takes longer than many a
 * file of tests that has no need of it.
 */
const { MIGRATIONS } = env as unknown as { MIGRATIONS: D1Migration[] };
await env.DB.batch(MIGRATIONS.flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query))));
