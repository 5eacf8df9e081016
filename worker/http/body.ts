import { type Charset, CharsetFinder } from './charset.ts';
import { type Chunks, ContentProblem, codingsLeft, isUnpackedByRuntime, unpack } from './coding.ts';

/** Lets go of an answer unread, so that its connection does not count as in flight. */
export const discard = (response: Response) => {
  response.body?.cancel().catch(() => undefined);
};

/** The beginning of a body; `cut`: there was more of it, or it did not come in time. */
export interface BodyHead {
  text: string;
  cut: boolean;
}

/** Keeps the beginning of a text that passes in pieces, up to `bytes` of UTF-8. */
export class HeadKeeper {
  readonly #bytes: number;
  readonly #decoder = new TextDecoder();
  #left: number;
  head: BodyHead = { text: '', cut: false };

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#left = bytes;
  }

  take(text: string) {
    if (this.head.cut || text === '') return;
    const encoded = new TextEncoder().encode(text.slice(0, this.#bytes));
    const cut = text.length > this.#bytes || encoded.length > this.#left;
    // A character that was cut in two is missing: the decoder keeps its first half.
    const kept = cut ? this.#decoder.decode(encoded.subarray(0, this.#left), { stream: true }) : text;
    this.#left -= Math.min(encoded.length, this.#left);
    this.head = { text: this.head.text + kept, cut };
  }

  /** What came is not all there is. */
  end() {
    this.head = { ...this.head, cut: true };
  }
}

/** The first bytes of the body as text, or what of them came before `signal` aborted or the body broke off. */
export const readHead = async (response: Response, bytes: number, signal: AbortSignal): Promise<BodyHead> => {
  const keeper = new HeadKeeper(bytes);
  try {
    // One byte more tells whether there is more.
    for await (const text of textOf(response, signal, bytes + 1)) keeper.take(text);
  } catch {
    keeper.end();
  }
  return keeper.head;
};

/** What a body says about the texts of an assertion. */
export type BodyMatch = 'matches' | 'differs' | 'ended_early' | ContentProblem['reason'];

/**
 * Whether the body holds `wanted` and lacks `unwanted` (an empty or missing text asks nothing). Reads no further than the
 * answer needs; `keeper` keeps the beginning of it. Content that was not understood, or not to its end, neither holds
 * nor lacks what was not found in it; `ended_early`: it may as well be empty. Rejects where the body breaks off or `signal` aborts.
 */
export const matchBody = async (
  response: Response,
  wanted: string | null,
  unwanted: string | null,
  signal: AbortSignal,
  keeper?: HeadKeeper,
): Promise<BodyMatch> => {
  let found = !wanted;
  const overlap = Math.max(wanted?.length ?? 0, unwanted?.length ?? 0, 1) - 1;
  let tail = '';
  const page: Page = { charset: null, written: 0 };
  // In another encoding Latin letters are mostly the same, other signs are not.
  const isForeign = [wanted, unwanted].some((text) => text !== null && /[^\0-\x7f]/.test(text));
  const fit = new Fit();
  try {
    for await (const text of textOf(response, signal, Number.POSITIVE_INFINITY, page)) {
      keeper?.take(text);
      if (isForeign) fit.add(text);
      const seen = tail + text;
      if (unwanted && seen.includes(unwanted)) {
        keeper?.end();
        return 'differs';
      }
      found ||= wanted !== null && seen.includes(wanted);
      if (found && !unwanted) return 'matches';
      tail = overlap > 0 ? seen.slice(-overlap) : '';
    }
  } catch (error) {
    if (!(error instanceof ContentProblem)) throw error;
    keeper?.end();
    return error instanceof EndedEarly ? 'ended_early' : error.reason;
  }
  const missing = [found ? null : wanted, unwanted].some((text) => text !== null && /[^\0-\x7f]/.test(text));
  if (missing && !fit.isRead(page)) return 'undecodable';
  return found ? 'matches' : 'differs';
};

/** Whether a text was read in the encoding in which it is written. */
class Fit {
  #replaced = 0;
  #foreign = 0;
  #steers = false;

  add(text: string) {
    this.#foreign += text.replace(/[\0-\x7f]+/g, '').length;
    if (text.includes('\ufffd')) this.#replaced += text.split('\ufffd').length - 1;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no text has them, and other encodings are full of them
    this.#steers ||= /[\0-\x08\x0e-\x1f]/.test(text);
  }

  /** Nothing may be wrong with a guess; of what the page declares most has to fit, because many hold a broken sign. */
  isRead({ charset, written }: Page) {
    const broken = this.#replaced - written;
    if (charset?.isGuess) return broken <= 0 && !this.#steers;
    return broken <= 0 || broken * 2 <= this.#foreign - written;
  }
}

/** How the text turned out to be written, once the first of it was read. */
interface Page {
  charset: Charset | null;
  /** How often the sign for what cannot be read stands in the text itself. */
  written: number;
}

/** The text in the first `cap` bytes, unpacked. */
async function* textOf(
  response: Response,
  signal: AbortSignal,
  cap: number,
  page: Page = { charset: null, written: 0 },
): AsyncGenerator<string> {
  if (!response.body || response.headers.get('content-length') === '0') return;
  const reader = response.body.getReader();
  // A pending read then ends, and what was not read is let go.
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop);
  const coding = response.headers.get('content-encoding');
  try {
    const bytes = unpack(arriving(reader, signal, response), codingsLeft(coding));
    yield* decoded(bytes, response.headers.get('content-type') ?? '', cap, page);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function* decoded(bytes: Chunks, contentType: string, cap: number, page: Page): AsyncGenerator<string> {
  let left = cap;
  const finder = new CharsetFinder(contentType);
  let decoder = null as TextDecoder | null;
  const begin = (chunk: Uint8Array, isAll: boolean) => {
    const found = finder.add(chunk, isAll);
    page.charset = found?.charset ?? null;
    decoder = found && decoderFor(found.charset);
    return found && read(found.head);
  };
  const read = (chunk: Uint8Array) => {
    const text = decoder?.decode(chunk, { stream: true }) ?? '';
    if (text.includes('\ufffd')) page.written += countReplacements(chunk);
    return text;
  };
  for await (const arrived of bytes) {
    const chunk = arrived.subarray(0, left);
    left -= chunk.length;
    const text = decoder ? read(chunk) : begin(chunk, left <= 0);
    if (text !== null) yield text;
    if (left <= 0) break;
  }
  if (!decoder && finder.length > 0) {
    const text = begin(new Uint8Array(), true);
    if (text !== null) yield text;
  }
  if (decoder) yield decoder.decode();
}

/** U+FFFD in UTF-8. */
const countReplacements = (bytes: Uint8Array) => {
  let count = 0;
  for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1))
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) count++;
  return count;
};

const decoderFor = ({ label }: Charset) => {
  if (label === null) throw new ContentProblem('undecodable');
  return new TextDecoder(label);
};

async function* arriving(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
  response: Response,
): Chunks {
  for (let isFirst = true; ; isFirst = false) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw unpackedByRuntime(error, response, isFirst);
    });
    signal.throwIfAborted();
    if (done) return;
    yield value;
  }
}

/** The runtime says it of a body of nothing as well as of one that breaks off at once. */
class EndedEarly extends ContentProblem {}

const unpackedByRuntime = (error: unknown, { headers }: Response, isFirst: boolean): unknown => {
  if (!isUnpackedByRuntime(headers.get('content-encoding'))) return error;
  const message = error instanceof Error ? error.message : '';
  if (isFirst && /compressed stream ended/i.test(message)) return new EndedEarly('undecodable');
  return /compressed stream ended|decompression failed/i.test(message) ? new ContentProblem('undecodable') : error;
};
