/**
 * `npm run rotate-keys`: new ENCRYPTION_KEY and SESSION_SECRET for the local copy of STATE_DIR; `-- --deployed` for the one
 * in the account. The worker seals everything again under the new key while it works. .scripts/README.md has the procedure.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ensureDatabase, listSecrets, requireAccount, wrangler } from './lib/account.ts';
import { files, withSecretFile, writeConfig } from './lib/deployment.ts';
import { queryLocal } from './lib/localDatabase.ts';
import { root } from './lib/paths.ts';
import { keyIdOf, mayRotate, newKeys, type Progress, progressQuery, standing } from './lib/rotation.ts';
import { writeSecretFile } from './lib/secretFile.ts';
import { isRunning, openState } from './lib/state.ts';
import { argumentsOf } from './lib/usage.ts';

const { options } = argumentsOf({
  command: 'npm run rotate-keys',
  does: 'Gives the local copy of STATE_DIR a new ENCRYPTION_KEY and SESSION_SECRET. .scripts/README.md has the procedure.',
  options: { deployed: 'does it for the copy in the account that wrangler is signed in to' },
});
const say = (text: string) => console.log(text);
const pollMs = 15_000;

const rotateLocal = () => {
  const directory = resolve(root, process.env.STATE_DIR || '.pharos/state');
  if (!existsSync(directory)) throw new Error(`No local copy exists in ${directory}. Set its STATE_DIR.`);
  if (isRunning(directory)) throw new Error('Stop Pharos first: it reads its keys at startup.');
  const state = openState(directory);
  try {
    const text = readFileSync(state.secretsFile, 'utf8');
    const { newestId, isPlaceTaken } = standing(parseEnv(text));
    const [progress = null] = queryLocal<Progress>(state.database, 'resealing', progressQuery);
    if (!mayRotate(newestId, isPlaceTaken, progress))
      throw new Error('The previous rotation has not finished. Run Pharos for ten minutes, stop it, and try again.');
    const { values } = newKeys(newestId, Date.now());
    const kept = text.split('\n').filter((line) => line !== '' && !Object.hasOwn(values, line.split('=')[0] ?? ''));
    const added = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    writeSecretFile(state.secretsFile, `${[...kept, ...added].join('\n')}\n`);
    say(`✓ ${Object.keys(values).join(' and ')} are new. Start Pharos: it seals everything again within ten minutes.`);
  } finally {
    state.release();
  }
};

const execute = async (command: string): Promise<Record<string, unknown>[]> => {
  const args = [
    'd1',
    'execute',
    'pharos',
    '--remote',
    '--yes',
    '--json',
    '--config',
    files.config,
    '--command',
    command,
  ];
  const text = await wrangler('ask the database', args);
  const [result] = JSON.parse(text.slice(text.search(/^\[/m))) as [{ results?: Record<string, unknown>[] }];
  return result.results ?? [];
};

const readProgress = async () => ((await execute(progressQuery))[0] as Progress | undefined) ?? null;

/** Until everything is sealed under a key that `isRight`. */
const waitUntilDone = async (isRight: (id: string) => boolean) => {
  let shown = '';
  for (;;) {
    const progress = await readProgress();
    if (progress && isRight(keyIdOf(progress)) && progress.doneAt !== null) return progress;
    const text =
      progress && isRight(keyIdOf(progress)) ? `… sealed again: ${progress.resealed}` : '… the worker begins';
    if (text !== shown) say(text);
    shown = text;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
};

const sayDone = ({ resealed, failed }: Progress) => {
  say(`✓ Everything is sealed under the newest key (${resealed} texts).`);
  if (failed > 0) say(`! ${failed} texts open under no key. Enter these secrets again in the dashboard.`);
};

const rotateDeployed = async () => {
  await requireAccount();
  writeConfig(await ensureDatabase('pharos'));
  const present = await listSecrets(files.config);
  if (!present.includes('ENCRYPTION_KEY')) throw new Error('Nothing is deployed yet. Run npm run deploy.');
  const progress = await readProgress();
  const isSecond = present.includes('ENCRYPTION_KEY_2');
  const newestId = progress ? keyIdOf(progress) : '0';
  // A second key of which the worker knows nothing yet was put there by a run that was stopped.
  if (isSecond && (newestId === '0' || !mayRotate(newestId, true, progress))) {
    say('A rotation is in progress; waiting for it to finish.');
    sayDone(await waitUntilDone((id) => id !== '0'));
    return say('This run set no new keys: it finished the previous rotation. Run it again for new keys.');
  }
  const { id, values } = newKeys(newestId, Date.now());
  // Not done from now on, so that another run waits instead of taking the place of this key once more.
  await execute("UPDATE resealing SET done_at = NULL, version = version || ' ' WHERE id = 1");
  await withSecretFile(values, (file) =>
    wrangler('set the new keys', ['secret', 'bulk', file, '--config', files.config]),
  );
  say(
    `✓ ${Object.keys(values).join(' and ')} are new. The worker seals everything again; that takes at least five minutes.`,
  );
  sayDone(await waitUntilDone((known) => known === id));
};

try {
  await (options.has('deployed') ? rotateDeployed() : rotateLocal());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
