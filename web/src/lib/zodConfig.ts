declare global {
  /** Where zod keeps its settings, even before it is loaded. */
  var __zod_globalConfig: { jitless?: boolean } | undefined;
}

/**
 * zod would probe whether it may generate code, which the Content-Security-Policy forbids and browsers report. Set
 * here and not by `z.config`, because zod is loaded later than the first page.
 */
globalThis.__zod_globalConfig = { jitless: true };

export {};
