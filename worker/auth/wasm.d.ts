/** Wrangler and vitest hand a `.wasm` import over as a compiled module. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** The part that auth/passwords.ts uses; the package ships no types. */
declare module '@napi-rs/wasm-runtime' {
  export class WASI {
    constructor(options: { version: 'preview1' });
  }
  export const getDefaultContext: () => object;
  export const instantiateNapiModuleSync: (
    module: WebAssembly.Module,
    options: {
      context: object;
      asyncWorkPoolSize: number;
      wasi: WASI;
      overwriteImports(imports: WebAssembly.Imports): WebAssembly.Imports;
      beforeInit(loaded: { instance: WebAssembly.Instance }): void;
    },
  ) => { napiModule: { exports: unknown } };
}
