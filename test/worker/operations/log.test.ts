import { sql } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { logFailure } from '../../../worker/log.ts';
import { services } from '../support/seed.ts';

test('a database that fails is logged with its reason, and without the values it was given', async () => {
  const lines = vi.spyOn(console, 'error');
  await services.db
    .run(sql`INSERT INTO none_such (email, password_hash) VALUES (${'ada@example.com'}, ${'$2y$10$hash'})`)
    .catch((error: unknown) => logFailure('request', 'req_test', error));
  const [line] = lines.mock.calls.flat();
  lines.mockRestore();
  expect(line).toContain('no such table: none_such');
  expect(line).not.toMatch(/ada@example|\$2y\$/);
});
