import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../../web/src');

/** The modules that a module loads with it: neither types, nor modules that it loads later by `import()`. */
const importsOf = (file: string): string[] => {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?:import|export)\s(?!type\s)(?:[^;]*?\sfrom\s)?'([^']+)';/gm);
  return [...found]
    .filter(([statement]) => !/^import \{(\s*type [^,}]+,?)+\s*\} from/.test(statement))
    .map(([, name = '']) => (name.startsWith('.') ? resolve(dirname(file), name) : name));
};

const packagesOf = (page: string): Set<string> => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!file.startsWith('/')) packages.add(file);
    else if (/\.tsx?$/.test(file) && existsSync(file)) importsOf(file).forEach(visit);
  };
  visit(page);
  return packages;
};

const pages = globSync('features/*/pages/*.tsx', { cwd: source });

test('schemas are loaded only by pages with a form', () => {
  const withSchemas = pages.filter((name) => packagesOf(join(source, name)).has('zod'));
  const forms = pages.filter((name) => /(New|Edit|Reclassify)\.tsx$/.test(name));
  const others = withSchemas.filter((name) => !forms.includes(name));
  expect(withSchemas).toContain('features/monitors/pages/MonitorEdit.tsx');
  expect(others).toEqual([]);
});
