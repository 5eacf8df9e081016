/** Of Vite: the modules that fit a pattern, loaded. */
interface ImportMeta {
  glob(pattern: string, options: { eager: true }): Record<string, Record<string, unknown>>;
}
