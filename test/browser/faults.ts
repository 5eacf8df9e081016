import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { widthOverflow } from './stack.ts';

/** Minified: each page that is looked at has to read it. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Hands over only what is wrong: axe's whole report takes longer on its way than the search. */
const violations = async (page: Page, theme: string, isStrict: boolean) => {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axeSource);
  const options = { ...(!isStrict && { runOnly: rules }), resultTypes: ['violations'] };
  const found = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  )) as string[];
  return found.map((violation) => `${theme} ${violation}`);
};

/**
 * What is wrong with the screen that is open by the rules of WCAG 2.2 A and AA, and what does not fit, in both themes
 * and at both widths. https://www.w3.org/TR/WCAG22/
 * `isStrict`: also by what axe calls best practices.
 */
export const faultsOf = async (page: Page, isStrict = false) => {
  const found: string[] = [];
  for (const [width, colorScheme] of [
    [390, 'dark'],
    [390, 'light'],
    [1280, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await violations(page, `${width} ${colorScheme}`, isStrict)));
    if ((await widthOverflow(page)) > 0) found.push(`${width} ${colorScheme}: wider than the window`);
  }
  return found;
};
