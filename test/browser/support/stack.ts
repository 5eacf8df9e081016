import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, firefox, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { startPharos } from '../../../.scripts/lib/pharos.ts';
import { untilPrepared } from './prepared.ts';
import { startBreakableTarget } from './target.ts';

/** The folder of screenshots for a person to inspect. */
const screenshotFolder = join(import.meta.dirname, '../../../.pharos/screenshots');
mkdirSync(screenshotFolder, { recursive: true });

export const isFirefox = process.env.BROWSER === 'firefox';

/** Chromium without the habits that want the internet. */
const launchChromium = () =>
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

/** An ordinary Firefox, driven by WebDriver BiDi, which cannot emulate media features yet. */
const launchFirefox = () =>
  firefox.launch({
    channel: 'moz-firefox',
    executablePath: process.env.FIREFOX || '/usr/bin/firefox-esr',
    firefoxUserPrefs: {
      'ui.prefersReducedMotion': 1,
      // Nobody looks: no more frames than tests need, and no processes ahead of time or per site.
      ...{ 'layout.frame_rate': 20, 'dom.ipc.processPrelaunch.enabled': false, 'dom.ipc.processCount': 1 },
      ...{ 'fission.autostart': false },
    },
  });

/** The whole product on free ports with a state of its own, and a browser. */
const startStack = async () => {
  const prepared = inject('prepared');
  await untilPrepared(prepared);
  const stateDir = mkdtempSync(join(prepared, 'stack-'));
  const [pharos, browser] = await Promise.all([
    startPharos({ stateDir, prepared, vars: { STRICT_RESPONSES: 'true' } }),
    isFirefox ? launchFirefox() : launchChromium(),
  ]);
  // How vitest ends its processes; half a second later it kills them.
  process.once('SIGTERM', () => void pharos.stop());
  return { pharos, browser };
};

let shared: ReturnType<typeof startStack> | undefined;

/**
 * The stack of this process, for one file after the other: starting it costs more than most files do. It ends with the
 * process. Each file signs up with an address of its own, so what another left behind belongs to strangers.
 */
const sharedStack = () => {
  if (shared) return shared;
  const forget = () => {
    shared = undefined;
  };
  shared = startStack();
  shared.then(({ pharos, browser }) => {
    browser.once('disconnected', forget);
    void pharos.fallen.then(forget);
  }, forget);
  return shared;
};

/** Violations of the Content-Security-Policy in any window of this file. */
const violations: string[] = [];

/** Log lines of responses and live events that do not fit the contract (worker/api/http/reply.ts). */
const unfitResponses = (log: string) =>
  log.split('\n').filter((line) => /does not fit its schema|responds without a schema/.test(line));

/** Browsers do not write all violations to the console, so the page itself reports them there. */
const reportViolations = `addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP violation:', event.violatedDirective, event.blockedURI, event.sourceFile))`;

/** A visitor's window; the errors on its console are collected in `complaints`. */
export const openPage = async (browser: Browser) => {
  const viewport = { width: 1280, height: 900 };
  const context = await browser.newContext(isFirefox ? { viewport } : { viewport, reducedMotion: 'reduce' });
  await context.addInitScript(reportViolations);
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    // Playwright itself adds a style for screenshots.
    if (text.startsWith('CSP violation:') && !text.includes('eval')) violations.push(`${text} at ${page.url()}`);
    if (message.type() === 'error') complaints.push(text);
  });
  return { page, complaints };
};

/**
 * The stack, a website that can be broken, and a visitor's window for all tests of a file: what it returns gives them
 * out once they are there. Of a test that fails it keeps what it looked like, and what browser and worker wrote.
 */
export const useStage = (name: string) => {
  const begun: { stage?: Stage } = {};
  const stage = () => {
    if (!begun.stage) throw new Error('The stage is there once the hooks before all tests have run');
    return begun.stage;
  };
  beforeAll(async () => {
    begun.stage = await openStage();
  });
  afterEach(() => expect(violations.splice(0), 'violations of the Content-Security-Policy').toEqual([]));
  afterEach(() => expect(unfitResponses(stage().stack.pharos.log()), 'responses unlike their schemas').toEqual([]));
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const { page, complaints, stack } = stage();
    const file = (kind: string) => join(screenshotFolder, `${name}-failure.${kind}`);
    await page.screenshot({ path: file('png'), fullPage: true });
    writeFileSync(file('log'), `${complaints.join('\n')}\n${stack.pharos.log()}`);
  });
  afterAll(async () => {
    // A request that a test still answers in place of the worker must not lose the browser on its way.
    await begun.stage?.page.unrouteAll({ behavior: 'wait' });
    await begun.stage?.target.stop();
    begun.stage?.stack.pharos.breakRegions([]);
    for (const context of begun.stage?.stack.browser.contexts() ?? []) await context.close();
  });
  return stage;
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

const openStage = async () => {
  const [stack, target] = await Promise.all([sharedStack(), startBreakableTarget()]);
  return { stack, target, ...(await openPage(stack.browser)) };
};

/** For slow steps on a quiet machine; the timeout is longer on an overloaded one. */
export const within = (seconds: number) => ({ timeout: Math.max(seconds * 4_000, 90_000) });

/** Signs up with this address, from any page. */
export const signUp = async (page: Page, origin: string, email: string) => {
  await page.goto(`${origin}/sign-up`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: /sign up|create/i }).click();
  await page.getByLabel('Address to monitor').waitFor(within(10));
};

/** A phone and a desk, by day and by night; only where SCREENSHOTS is set, because it takes longer than many a test. */
export const photograph = async (page: Page, name: string) => {
  if (!process.env.SCREENSHOTS || isFirefox) return;
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(screenshotFolder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
};

/** The page is as wide as the window, and a dialog holds what is in it: nothing has to be scrolled sideways. */
export const widthOverflow = (page: Page) =>
  page.evaluate(
    `Math.max(...[document.documentElement, ...document.querySelectorAll('[role=alertdialog]')]
      .map((element) => element.scrollWidth - element.clientWidth))`,
  ) as Promise<number>;
