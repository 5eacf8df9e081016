import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = {
  chromium: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  'firefox-esr': ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
};

type DebianPackage = keyof typeof places;

const find = (name: DebianPackage) => places[name].find((place) => existsSync(place));

/** Installs Debian's package where this process may do so. */
const install = (name: DebianPackage) => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.error(`Installing ${name} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
  const args = ['install', '--yes', '-qq', '--no-install-recommends', name];
  spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env });
  return find(name);
};

/** The path that `variable` of the environment names. Throws where there is no such file. */
const chosen = (variable: 'CHROMIUM' | 'FIREFOX') => {
  const path = process.env[variable];
  if (path && !existsSync(path)) throw new Error(`${variable} is "${path}", and there is no such file.`);
  return path;
};

/** Path of a Chromium or Chrome: chosen, found, or installed. Throws with what to do where there is none. */
export const ensureChromium = (): string => {
  const path = chosen('CHROMIUM') ?? find('chromium') ?? install('chromium');
  if (path) return path;
  throw new Error('The browser tests need Chromium. Install it, or set CHROMIUM to the path of a Chrome or Chromium.');
};

/** Path of a Firefox, likewise; undefined, with a message, where there is none: the tests then run in Chromium only. */
export const ensureFirefox = (): string | undefined => {
  const path = chosen('FIREFOX') ?? find('firefox-esr') ?? install('firefox-esr');
  if (!path)
    console.error('Firefox is not installed: its browser tests are skipped. Install it, or set FIREFOX to its path.');
  return path;
};
