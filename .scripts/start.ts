/** `npm start`: Pharos on this machine. worker/SETTINGS.md lists the settings. */
import { startPharos } from './lib/pharos.ts';
import { portFrom } from './lib/ports.ts';
import { localOverrides, requireUsable } from './lib/settings.ts';
import { endSignal } from './lib/signals.ts';
import { argumentsOf } from './lib/usage.ts';

argumentsOf({
  command: 'npm start',
  does: 'Runs Pharos on this machine. Settings come from the environment; worker/SETTINGS.md lists them: PORT, API_PORT, STATE_DIR, …',
});
const say = (message: string) => process.stderr.write(`${message}\n`);
const signal = endSignal();

const main = async () => {
  const vars = localOverrides(process.env);
  requireUsable(vars);
  say('Starting Pharos …');
  const pharos = await startPharos({
    port: portFrom('PORT', 8788),
    apiPort: portFrom('API_PORT', 8787),
    stateDir: process.env.STATE_DIR || '.pharos/state',
    vars,
    verbose: process.env.VERBOSE === '1',
    onWarning: say,
    signal,
  });
  console.log(`Pharos is ready at ${pharos.origin}`);
  const asked = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null));
  });
  const message = await Promise.race([asked, pharos.fallen]);
  await pharos.stop();
  if (message) throw new Error(message);
};

try {
  await main();
} catch (error) {
  if (!signal.aborted) say(error instanceof Error ? error.message : String(error));
}
process.exit(signal.aborted ? 0 : 1);
