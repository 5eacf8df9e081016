const capBytes = 1024 * 1024;

/** Lets go of an answer unread, so that its connection does not count as in flight. */
export const discard = (response: Response) => {
  response.body?.cancel().catch(() => undefined);
};

/**
 * Whether the body holds `wanted` and lacks `unwanted` (an empty or missing text asks nothing), in its first 1 MiB.
 * Reads no further than the answer needs. Rejects where the body breaks off or `signal` aborts.
 */
export const bodyMatches = async (
  response: Response,
  wanted: string | null,
  unwanted: string | null,
  signal: AbortSignal,
): Promise<boolean> => {
  let found = !wanted;
  const overlap = Math.max(wanted?.length ?? 0, unwanted?.length ?? 0, 1) - 1;
  let tail = '';
  for await (const text of textOf(response, signal)) {
    const seen = tail + text;
    if (unwanted && seen.includes(unwanted)) return false;
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
