import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { inRoot } from '../../../.scripts/lib/paths.ts';
import { mayRotate, newKeys, standing } from '../../../.scripts/lib/rotation.ts';
import { openState } from '../../../.scripts/lib/state.ts';
import { collect } from '../../../.scripts/lib/steps.ts';
import { keyringOf } from '../../../worker/crypto/keyring.ts';

const plain = 'a-plain-secret-of-at-least-thirty-two-characters';

describe('new keys', () => {
  test('take the places in turn, and are the newest wherever they stand', () => {
    const first = newKeys('0', 1_795_000_000_000);
    expect(Object.keys(first.values)).toEqual(['ENCRYPTION_KEY_2', 'SESSION_SECRET_2']);
    const second = newKeys(first.id, 1_795_000_100_000);
    expect(Object.keys(second.values)).toEqual(['ENCRYPTION_KEY', 'SESSION_SECRET']);
    const third = newKeys(second.id, 1_795_000_200_000);
    expect(Object.keys(third.values)).toEqual(['ENCRYPTION_KEY_2', 'SESSION_SECRET_2']);
    const rings = [
      [plain, first.values.ENCRYPTION_KEY_2],
      [second.values.ENCRYPTION_KEY, first.values.ENCRYPTION_KEY_2],
    ];
    expect(rings.map((ring) => keyringOf(ring.map((key) => key ?? ''))?.newest.id)).toEqual([first.id, second.id]);
    expect(first.values.ENCRYPTION_KEY_2).not.toBe(first.values.SESSION_SECRET_2);
  });

  test('never take the place of a key that may still be needed', () => {
    const done = { version: 'mgx3k2q12/2', resealed: 1, failed: 0, doneAt: 1 };
    expect(mayRotate('0', false, null)).toBe(true);
    expect(mayRotate('mgx3k2q12', true, null)).toBe(false);
    expect(mayRotate('mgx3k2q12', true, { ...done, doneAt: null })).toBe(false);
    expect(mayRotate('mgx3k2q12', true, { ...done, version: '0/2' })).toBe(false);
    expect(mayRotate('mgx3k2q12', true, done)).toBe(true);
  });

  test('the state of a rotation follows from its settings', () => {
    expect(standing({ ENCRYPTION_KEY: plain })).toEqual({ newestId: '0', isPlaceTaken: false });
    const { id, values } = newKeys('0', 1_795_000_000_000);
    expect(standing({ ENCRYPTION_KEY: plain, ...values })).toEqual({ newestId: id, isPlaceTaken: true });
    expect(() => standing({})).toThrow('ENCRYPTION_KEY is missing');
  });
});

describe('npm run rotate-keys in a local copy', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pharos-rotation-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const rotate = () =>
    collect(inRoot('.scripts/rotate-keys.ts'), [], inRoot('.'), { ...process.env, STATE_DIR: directory });
  const { secretsFile, database, release } = openState(directory);
  const keys = () => parseEnv(readFileSync(secretsFile, 'utf8'));

  /** As the worker writes it. */
  const note = (version: string, doneAt: number | null) => {
    const folder = join(database, 'v3/d1/miniflare-D1DatabaseObject');
    mkdirSync(folder, { recursive: true });
    const sqlite = new DatabaseSync(join(folder, `${'a'.repeat(64)}.sqlite`));
    sqlite.exec(
      'CREATE TABLE IF NOT EXISTS resealing (id INTEGER PRIMARY KEY, version TEXT, resealed INTEGER, failed INTEGER, done_at INTEGER)',
    );
    sqlite.prepare('INSERT OR REPLACE INTO resealing VALUES (1, ?, 0, 0, ?)').run(version, doneAt);
    sqlite.close();
  };

  test('waits for Pharos to be stopped, adds a key, and takes the place of the older only once it is not needed', async () => {
    const running = await rotate();
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining('Stop Pharos first')]);
    release();
    const before = keys();
    const { code, stderr } = await rotate();
    expect([code, stderr]).toEqual([0, '']);
    const first = keys();
    expect(first).toMatchObject({ ENCRYPTION_KEY: before.ENCRYPTION_KEY, SESSION_SECRET: before.SESSION_SECRET });
    const { newestId } = standing(first);
    note('0/2', 1);
    expect((await rotate()).stderr).toContain('has not finished');
    note(`${newestId}/2`, null);
    expect((await rotate()).code).toBe(1);
    expect(keys()).toEqual(first);
    note(`${newestId}/2`, 1);
    expect((await rotate()).code).toBe(0);
    const second = keys();
    expect(second.ENCRYPTION_KEY_2).toBe(first.ENCRYPTION_KEY_2);
    expect(second.ENCRYPTION_KEY).not.toBe(first.ENCRYPTION_KEY);
  });
});
