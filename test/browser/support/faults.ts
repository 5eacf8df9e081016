import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { widthOverflow } from './stack.ts';

/** Minified: each tested page has to read it. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The rules for colours: all that can differ between the themes. */
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

/** Returns only the violations: the transfer of axe's whole report takes longer than the analysis. */
const violations = async (page: Page, runOnly: string[] | undefined) => {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axeSource);
  const options = { ...(runOnly && { runOnly }), resultTypes: ['violations'] };
  return (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  )) as string[];
};

/**
 * What is wrong with the screen that is open by the rules of WCAG 2.2 A and AA, and what does not fit: at both widths,
 * and what concerns colours in both themes. https://www.w3.org/TR/WCAG22/
 * `isStrict`: also by what axe calls best practices.
 */
export const faultsOf = async (page: Page, isStrict = false) => {
  const found: string[] = [];
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const [colorScheme, runOnly] of [
      ['dark', rulesOfColours],
      ['light', isStrict ? undefined : tags],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const violation of await violations(page, runOnly && [...runOnly]))
        found.push(`${width} ${colorScheme} ${violation}`);
    }
    if ((await widthOverflow(page)) > 0) found.push(`${width}: wider than the window`);
  }
  return found;
};
