import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { breakRegions, regionNames, serveFaults } from '../../../.scripts/lib/faults.ts';
import { inRoot } from '../../../.scripts/lib/paths.ts';
import { localOverrides, secretsToDeploy } from '../../../.scripts/lib/settings.ts';
import { collect } from '../../../.scripts/lib/steps.ts';
import { regions } from '../../../worker/domain/checks/region.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'pharos-faults-'));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const breakCommand = (...names: string[]) =>
  collect(inRoot('.scripts/break.ts'), names, undefined, { ...process.env, STATE_DIR: stateDir });

test('says which regions are broken, and begins with none', async () => {
  breakRegions(stateDir, ['weur']);
  const faults = await serveFaults(stateDir);
  const read = async () => (await fetch(faults.url)).json();
  expect(await read()).toEqual([]);
  breakRegions(stateDir, ['apac', 'oc']);
  expect(await read()).toEqual(['apac', 'oc']);
  faults.stop();
});

test('knows every region of the product', () => {
  expect(regionNames()).toEqual([...regions]);
});

test('the command refuses a region that there is not, and a copy that does not run', async () => {
  expect((await breakCommand('europe')).stderr).toContain('There is no region "europe". There are: wnam, enam, weur');
  expect((await breakCommand('weur')).stderr).toContain('Pharos does not run on');
});

test('the command breaks the given regions, and mends them all without one', async () => {
  writeFileSync(join(stateDir, 'running'), String(process.pid));
  const faults = await serveFaults(stateDir);
  const read = async () => (await fetch(faults.url)).json();
  expect(await breakCommand('weur', 'apac-ne')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('weur, apac-ne'),
  });
  expect(await read()).toEqual(['weur', 'apac-ne']);
  expect(await breakCommand()).toMatchObject({ code: 0, stdout: expect.stringContaining('No region') });
  expect(await read()).toEqual([]);
  faults.stop();
});

test('nothing but the start command can turn it on: no file names it and the environment is not asked for it', () => {
  for (const file of ['wrangler.toml', '.scripts/deploy.ts', '.scripts/lib/deployment.ts'])
    expect(readFileSync(inRoot(file), 'utf8')).not.toMatch(/LOCAL_FAULTS_URL|LOCAL_RUNTIME/);
  const local = { LOCAL_FAULTS_URL: 'http://127.0.0.1:9/', LOCAL_RUNTIME: 'true' };
  expect(localOverrides(local)).toEqual({});
  expect(secretsToDeploy(local, [])).toEqual({});
});
