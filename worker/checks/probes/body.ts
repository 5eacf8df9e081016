const capBytes = 1024 * 1024;

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
    // A sign that was cut in two is left out: the decoder holds its first half back.
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

/**
 * Whether the body holds `wanted` and lacks `unwanted` (an empty or missing text asks nothing), in its first 1 MiB.
 * Reads no further than the answer needs; `keeper` keeps the beginning of it. Rejects where the body breaks off or `signal` aborts.
 */
export const bodyMatches = async (
  response: Response,
  wanted: string | null,
  unwanted: string | null,
  signal: AbortSignal,
  keeper?: HeadKeeper,
): Promise<boolean> => {
  let found = !wanted;
  const overlap = Math.max(wanted?.length ?? 0, unwanted?.length ?? 0, 1) - 1;
  let tail = '';
  for await (const text of textOf(response, signal)) {
    keeper?.take(text);
    const seen = tail + text;
    if (unwanted && seen.includes(unwanted)) {
      keeper?.end();
      return false;
    }
    found ||= wanted !== null && seen.includes(wanted);
    if (found && !unwanted) return true;
    tail = overlap > 0 ? seen.slice(-overlap) : '';
  }
  return found;
};

/** The first bytes of the body as text; rejects as `bodyMatches` does. */
export const firstText = async (response: Response, bytes: number, signal: AbortSignal): Promise<string> => {
  let head = '';
  for await (const text of textOf(response, signal, bytes)) head += text;
  return head;
};

async function* textOf(response: Response, signal: AbortSignal, cap = capBytes): AsyncGenerator<string> {
  if (!response.body) return;
  const reader = response.body.getReader();
  // A pending read then ends, and what was not read is let go.
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop);
  const decoder = decoderFor(response.headers.get('content-type') ?? '');
  try {
    for (let left = cap; left > 0; ) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      const chunk = value.subarray(0, left);
      left -= chunk.length;
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

const decoderFor = (contentType: string): TextDecoder => {
  try {
    return new TextDecoder(/charset="?([^\s;"]+)/i.exec(contentType)?.[1] ?? 'utf-8');
  } catch {
    return new TextDecoder();
  }
};
