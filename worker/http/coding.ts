import type { Unpacker } from 'node:zlib';

/** Why nothing is known of a body, or not of all of it. */
export class ContentProblem extends Error {
  constructor(readonly reason: 'undecodable' | 'too_large') {
    super(reason);
  }
}

export type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/** Beyond this no body is read or unpacked, in any of its layers. */
export const maxBodyBytes = 8 * 1024 * 1024;

const maxLayers = 4;
const known = ['gzip', 'deflate', 'br', 'zstd'] as const;
type Coding = (typeof known)[number];

/**
 * What the runtime leaves to be undone, outermost first; null where a name among them means nothing to us. It unpacks
 * `gzip` and `br` alone and written exactly so (tried in workerd), and leaves the header as it was.
 */
export const codingsLeft = (header: string | null): Coding[] | null => {
  if (header === null || isUnpackedByRuntime(header)) return [];
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-(?=gzip$)/, ''))
    .filter((name) => name !== '' && name !== 'identity');
  const codings = known.filter((coding) => names.includes(coding));
  if (names.length > maxLayers || names.some((name) => !codings.some((coding) => coding === name))) return null;
  return (names as Coding[]).reverse();
};

export const isUnpackedByRuntime = (header: string | null) => header === 'gzip' || header === 'br';

/** Undoes the layers, none of which may grow beyond `maxBodyBytes`. Nothing packed in anything is nothing. */
export async function* unpack(source: Chunks, codings: readonly Coding[] | null): Chunks {
  const first = await source.next();
  if (first.done) return;
  if (!codings) throw new ContentProblem('undecodable');
  let layer = limited(withFirst(first.value, source));
  for (const coding of codings) layer = limited(undo(coding, layer));
  yield* layer;
}

async function* withFirst(first: Uint8Array, rest: Chunks): Chunks {
  yield first;
  yield* rest;
}

async function* limited(source: Chunks): Chunks {
  let left = maxBodyBytes;
  for await (const chunk of source) {
    if (chunk.length > left) {
      yield chunk.subarray(0, left);
      throw new ContentProblem('too_large');
    }
    left -= chunk.length;
    yield chunk;
  }
}

/**
 * How much is fed at once: what comes of it is held in memory before anybody can count it. A byte of deflate becomes at
 * most 1,032; four bytes of Brotli can hold one block of 16 MiB; a block of Zstandard is 128 KiB and takes four bytes.
 */
const slices = { gzip: 4096, deflate: 4096, br: 4, zstd: 64 } satisfies Record<Coding, number>;

/**
 * So many slices of one layer are fed: each takes some 40 microseconds of a Prober that others share, and 8 MiB of Brotli
 * would be two million of them. Only Brotli reaches it, from 128 KiB on, where the runtime does not unpack it itself.
 */
const maxSlices = 32 * 1024;

async function* undo(coding: Coding, source: Chunks): Chunks {
  const sliced = inSlices(source, slices[coding]);
  const first = await sliced.next();
  if (first.done) return;
  const whole = withFirst(first.value, sliced);
  if (coding === 'br' || coding === 'zstd') return yield* throughZlib(coding, whole);
  yield* throughStream(coding === 'deflate' && !hasZlibHeader(first.value) ? 'deflate-raw' : coding, whole);
}

/** The first has two bytes at least, where there are two. */
async function* inSlices(source: Chunks, size: number): Chunks {
  let held: Uint8Array | null = null;
  let slicesLeft = maxSlices;
  for await (const arrived of source) {
    const chunk: Uint8Array = held ? new Uint8Array([...held, ...arrived]) : arrived;
    held = chunk.length < 2 ? chunk : null;
    if (held) continue;
    for (let at = 0; at < chunk.length; at += size) {
      if (slicesLeft-- === 0) throw new ContentProblem('too_large');
      yield chunk.subarray(at, at + size);
    }
  }
  if (held) yield held;
}

/** Servers send bare deflate as well as what RFC 9110 asks for. https://www.rfc-editor.org/rfc/rfc1950#section-2.2 */
const hasZlibHeader = ([first = 0, second = 0]: Uint8Array) =>
  (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;

async function* throughStream(format: ConstructorParameters<typeof DecompressionStream>[0], source: Chunks): Chunks {
  const { writable, readable } = new DecompressionStream(format);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  writer.closed.catch(() => undefined);
  reader.closed.catch(() => undefined);
  let broken: unknown = null;
  const feed = async () => {
    try {
      for await (const chunk of source) await writer.write(chunk).catch(unpackingFailed);
      await writer.close().catch(unpackingFailed);
    } catch (error) {
      broken = error;
      await writer.abort(error).catch(() => undefined);
    }
  };
  const fed = feed();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(unpackingFailed);
      if (done) break;
      yield value as Uint8Array;
    }
    await fed;
  } catch (error) {
    // Packed bytes that broke off cannot be unpacked either, but that is not why.
    throw broken ?? error;
  } finally {
    reader.cancel().catch(() => undefined);
    writer.abort().catch(() => undefined);
  }
  if (broken) throw broken;
}

const unpackingFailed = (): never => {
  throw new ContentProblem('undecodable');
};

/** Only for what the web's own streams do not know, since every slice costs a call. */
async function* throughZlib(coding: 'br' | 'zstd', source: Chunks): Chunks {
  const { createBrotliDecompress, createZstdDecompress } = await import('node:zlib');
  const ready: Uint8Array[] = [];
  const begin = () =>
    unpacking((coding === 'br' ? createBrotliDecompress : createZstdDecompress)({ chunkSize }), ready);
  let frame = begin();
  let writesLeft = maxSlices;
  let framesLeft = maxFrames;
  try {
    for await (const chunk of source)
      for (let rest = chunk; rest.length > 0; ) {
        if (writesLeft-- === 0) throw new ContentProblem('too_large');
        const taken = await frame.write(rest);
        yield* ready.splice(0);
        rest = rest.subarray(taken);
        if (rest.length === 0) break;
        // Another frame may follow (https://www.rfc-editor.org/rfc/rfc8878#section-3.1); of Brotli nothing may.
        if (taken === 0 || coding === 'br') unpackingFailed();
        if (framesLeft-- === 0) throw new ContentProblem('too_large');
        frame.close();
        frame = begin();
      }
    await frame.end();
    yield* ready.splice(0);
  } finally {
    frame.close();
  }
}

const chunkSize = 256 * 1024;
/** Each takes a state of its own. */
const maxFrames = 256;

/** `write` answers how many bytes were taken: none behind the end of a frame. Both reject where they cannot be unpacked. */
const unpacking = (stream: Unpacker, ready: Uint8Array[]) => {
  const failed = new Promise<never>((_, reject) => stream.on('error', () => reject(new ContentProblem('undecodable'))));
  failed.catch(() => undefined);
  const ended = new Promise<void>((done) => stream.on('end', () => done()));
  stream.on('data', (chunk) => ready.push(chunk));
  return {
    write: async (bytes: Uint8Array) => {
      const before = stream.bytesWritten;
      await Promise.race([new Promise<void>((done) => stream.write(bytes, () => done())), failed]);
      return stream.bytesWritten - before;
    },
    end: async () => {
      stream.end();
      await Promise.race([ended, failed]);
    },
    close: () => stream.destroy(),
  };
};
