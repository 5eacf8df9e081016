/** The little that coding.ts uses of Node's zlib, which the runtime offers (see alerts/mail/nodemailer.d.ts). */
declare module 'node:zlib' {
  export interface Unpacker {
    on(event: 'data', listener: (chunk: Uint8Array) => void): this;
    on(event: 'error' | 'end', listener: () => void): this;
    write(chunk: Uint8Array, written: () => void): boolean;
    end(): void;
    destroy(): void;
    /** Of those given to `write` so many were taken: none behind the end of a frame. */
    readonly bytesWritten: number;
  }
  export const createBrotliDecompress: (options: { chunkSize: number }) => Unpacker;
  export const createZstdDecompress: (options: { chunkSize: number }) => Unpacker;
  /** For tests. */
  export const brotliCompressSync: (
    bytes: Uint8Array,
    options: { params: Record<number, number> },
  ) => Uint8Array<ArrayBuffer>;
  export const constants: Readonly<{ BROTLI_PARAM_QUALITY: number }>;
}
