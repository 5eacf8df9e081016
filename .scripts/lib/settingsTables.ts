import { readFileSync, writeFileSync } from 'node:fs';
import { type Setting, type SettingKind, settings, teamLimits } from '../../worker/settings.ts';
import { inRoot } from './paths.ts';
import { variableDefaults } from './workerConfig.ts';

const file = inRoot('worker/SETTINGS.md');
const all: [name: string, setting: Setting][] = Object.entries(settings);

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

const described = (...kinds: SettingKind[]) =>
  all.filter(([, { kind, meaning }]) => kinds.includes(kind) && meaning !== undefined);

/** The tables of worker/SETTINGS.md by the name in their marker. */
const tables: Record<string, () => string[]> = {
  variables: () => {
    const defaults = variableDefaults();
    const rows = described('variable').map(([name, { default: said, meaning = '' }]) => {
      const otherwise = said ?? (defaults[name] ? `\`${defaults[name]}\`` : 'none');
      return row(`\`${name}\``, otherwise, meaning);
    });
    return [row('setting', 'default', 'meaning'), row('---', '---', '---'), ...rows];
  },
  keys: () => [
    row('secret', 'meaning'),
    row('---', '---'),
    ...described('key').map(([name, { meaning = '' }]) => row(`\`${name}\``, meaning)),
  ],
  optional: () => [
    row('secret or binding', 'meaning'),
    row('---', '---'),
    ...described('secret', 'binding').map(([name, { meaning = '' }]) => row(`\`${name}\``, meaning)),
  ],
  limits: () => [
    row('limit', 'name', 'default'),
    row('---', '---', '---'),
    ...Object.entries(teamLimits).map(([name, { label, max }]) => row(label, `\`${name}\``, max.toLocaleString('en'))),
  ],
};

const render = (text: string) =>
  Object.entries(tables).reduce((whole, [name, lines]) => {
    const marker = new RegExp(`(<!-- settings: ${name} -->\\n)[^]*?(\\n<!-- end -->)`);
    if (!marker.test(whole))
      throw new Error(`worker/SETTINGS.md has no place "<!-- settings: ${name} -->" … "<!-- end -->".`);
    return whole.replace(marker, (_, begin: string, end: string) => begin + lines().join('\n') + end);
  }, text);

export const areTablesCurrent = () => {
  const text = readFileSync(file, 'utf8');
  return render(text) === text;
};

export const writeTables = () => writeFileSync(file, render(readFileSync(file, 'utf8')));
