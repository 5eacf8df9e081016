import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startPharos } from '../../.scripts/lib/pharos.ts';

/** Where the screenshots go, for a person to look at. */
export const screenshotFolder = join(import.meta.dirname, '../../.pharos/screenshots');

/** Chromium without the habits that want the internet. */
export const launchChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** The whole product on free ports with a state of its own. */
export const startStack = async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'pharos-browser-'));
  const pharos = await startPharos({ stateDir });
  const browser = await launchChromium();
  const stop = async () => {
    await browser.close();
    await pharos.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { pharos, browser, stop };
};

/** A visitor's window; what its console complains about ends up in `complaints`. */
export const openPage = async (browser: Browser) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
};

/** A phone and a desk, by day and by night. */
export const photograph = async (page: Page, name: string) => {
  mkdirSync(screenshotFolder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(screenshotFolder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
};

/** The page is as wide as the window: nothing has to be scrolled sideways. */
export const widthOverflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') as Promise<number>;
