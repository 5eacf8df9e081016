import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../../.scripts/lib/paths.ts';

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');
const files = new Set(tracked);
const folders = new Set(tracked.flatMap((file) => parentsOf(file)));
const pages = tracked.filter((file) => file.endsWith('.md'));
const commands = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);

const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const withoutBlocks = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

function parentsOf(file: string): string[] {
  const parent = dirname(file);
  return parent === '.' ? [] : [parent, ...parentsOf(parent)];
}

/** Text in code style, except paths that a command creates; a path ends at its first placeholder. */
const generated = /^(\.pharos|node_modules|STATE_DIR|\.wrangler|dist)\b/;
const isPath = (code: string) =>
  /^[\w.@[\]-]+(\/[\w.@[\]-]+)*\/?$/.test(code) &&
  !generated.test(code) &&
  (/^\w[\w.-]*\.(ts|tsx|mjs|md|toml|css|json|test)$/.test(basename(code)) || /^[\w.-]+\//.test(code));

/** Without placeholders: `commands/<feature>/` names `commands/`. */
const beforePlaceholder = (code: string) => code.replace(/(?<=\/)[\w.-]*<.*$/, '');

const pathsOf = (page: string) =>
  [...withoutBlocks(textOf(page)).matchAll(/`([^`\n]+)`/g)]
    .map(([, code = '']) => beforePlaceholder(code))
    .filter(isPath)
    .map((path) => (path.endsWith('.test') ? `${path}.ts` : path));

/** A path begins at the root, in the worker, or in the folder of its README; a bare name lies somewhere below that. */
const exists = (page: string, path: string) => {
  const folder = dirname(page);
  const places = ['.', 'worker', folder].map((base) => normalize(join(base, path)).replace(/\/$/, ''));
  if (places.some((place) => files.has(place) || folders.has(place))) return true;
  const below = path.endsWith('.test.ts') ? 'test/' : folder === '.' ? '' : `${folder}/`;
  return !path.includes('/') && tracked.some((file) => file.startsWith(below) && basename(file) === path);
};

const anchorsOf = (page: string) =>
  [...withoutBlocks(textOf(page)).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

const linksOf = (page: string) =>
  [...withoutBlocks(textOf(page)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);

const leadsSomewhere = (page: string, link: string) => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!files.has(target) && !folders.has(target.replace(/\/$/, ''))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
};

interface Decision {
  title: string;
  text: string;
}

/** The paragraphs of the sections "Decisions", with the bold sentence that each begins with. */
const decisionsOf = (text: string): Decision[] =>
  (text.match(/^## Decisions$[\s\S]*?(?=^## |(?![\s\S]))/gm) ?? [])
    .flatMap((section) => section.split(/\n{2,}/))
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '' && !paragraph.startsWith('#'))
    .map((paragraph) => ({ title: /^\*\*(.+?)\*\*/.exec(paragraph)?.[1] ?? '', text: paragraph }));

const wordsIn = (text: string) => text.split(/\s+/).length;

/** The numbered files of each section whose title begins with "Walk". */
const walksOf = (text: string) =>
  [...text.matchAll(/^### (Walk[^\n]*)\n([\s\S]*?)(?=^#|(?![\s\S]))/gm)].map(([, title = '', body = '']) => ({
    title,
    steps: [...body.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = '']) => path),
  }));

describe('the documentation', () => {
  test('has a README.md of at most 15 KB', () => expect(Buffer.byteLength(textOf('README.md'))).toBeLessThan(15_000));

  test.each(pages)('%s names only files and folders that exist', (page) =>
    expect(pathsOf(page).filter((path) => !exists(page, path))).toEqual([]),
  );

  test.each(pages)('%s links only to places that exist', (page) =>
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]),
  );

  test.each(pages)('%s names only commands that exist', (page) => {
    const named = [...textOf(page).matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !commands.includes(name))).toEqual([]);
  });

  test.each(pages)('%s keeps each decision within 120 words, below a title', (page) => {
    const decisions = decisionsOf(textOf(page));
    expect(decisions.filter(({ title, text }) => title === '' || wordsIn(text) > 120)).toEqual([]);
  });
});

describe('the walks', () => {
  const all = ['worker/README.md', 'web/README.md'].flatMap((page) =>
    walksOf(textOf(page)).map((walk) => [walk.title, page, walk.steps] as const),
  );

  test('are five', () => expect(all).toHaveLength(5));

  test.each(all)('%s names no file twice, and each from the root', (_title, _page, steps) => {
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.filter((step) => !files.has(step))).toEqual([]);
    expect(new Set(steps).size).toBe(steps.length);
  });
});

describe('the checks of the documentation', () => {
  test.each([
    ['`worker/nowhere.ts`', ['worker/nowhere.ts']],
    ['`domain/verdict/machine.ts` and `verdict/nowhere/`', ['verdict/nowhere/']],
    ['`nowhere.test`', ['nowhere.test.ts']],
    ['`commands/nowhere/<feature>`', ['commands/nowhere/']],
    ['`GET /api/v1`, `/healthz`, `.pharos/state`, `application`', []],
  ])('find the missing paths of %s', (text, missing) => {
    const named = [...text.matchAll(/`([^`\n]+)`/g)]
      .map(([, code = '']) => beforePlaceholder(code))
      .filter(isPath)
      .map((path) => (path.endsWith('.test') ? `${path}.ts` : path));
    expect(named.filter((path) => !exists('worker/README.md', path))).toEqual(missing);
  });

  test('find a decision without a title, and a long one', () => {
    const text = `## Decisions\n\n**Short.** Why.\n\nNo title.\n\n### Group\n\n**Long.** ${'word '.repeat(120)}\n\n## Other\n\nText.`;
    expect(decisionsOf(text).map(({ title, text }) => [title, wordsIn(text) > 120])).toEqual([
      ['Short.', false],
      ['', false],
      ['Long.', true],
    ]);
  });

  test('find the files of a walk', () =>
    expect(walksOf('### Walk: one\n\n1. `a.ts` reads.\n2. `b.ts` writes.\n\n## Other\n\n1. `c.ts`')).toEqual([
      { title: 'Walk: one', steps: ['a.ts', 'b.ts'] },
    ]));
});
