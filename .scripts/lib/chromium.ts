import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const find = () => places.find((place) => existsSync(place));

/**
 * Path of a Chromium or Chrome: CHROMIUM of the environment, one that is installed, or Debian's package, which is
 * installed where this process may do so. Throws with what to do where there is none.
 */
export const ensureChromium = (): string => {
  const chosen = process.env.CHROMIUM;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROMIUM is "${chosen}", and there is no such file.`);
  }
  const found = find() ?? install();
  if (found) return found;
  throw new Error('The browser test needs Chromium. Install it, or set CHROMIUM to the path of a Chrome or Chromium.');
};

const install = () => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.error('Installing chromium with apt-get …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
  const args = ['install', '--yes', '-qq', '--no-install-recommends', 'chromium'];
  spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env });
  return find();
};
