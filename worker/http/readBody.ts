/** How far the body of a request is read. Shared with the Pages Functions, so it imports nothing. */
export interface BodyLimits {
  maxBytes: number;
  /** Read beyond that and thrown away: a connection closed while the client still sends is reset before the answer. */
  drainBytes: number;
  /** For all of it, ms. */
  deadlineMs: number;
}

const requestLimits: BodyLimits = { maxBytes: 64 * 1024, drainBytes: 1024 * 1024, deadlineMs: 15_000 };

/** Why a body was not read. */
export type UnreadBody = 'too large' | 'too slow';

/** What is said of it. */
export const unreadBody: Record<UnreadBody, string> = {
  'too large': 'A request body can have at most 64 KiB. Shorten the text.',
  'too slow': 'The body did not arrive within 15 seconds. Send the request again.',
};

/**
 * The whole body, null where there is none, or why it was not read; what is left of it is cancelled. One that says to be
 * too large is not even begun: then whatever runs the code can let the rest of it go, and the connection survives.
 */
export const readBody = async (
  { headers, body }: Pick<Request, 'headers' | 'body'>,
  { maxBytes, drainBytes, deadlineMs } = requestLimits,
): Promise<ArrayBuffer | null | UnreadBody> => {
  if (!body) return null;
  if (Number(headers.get('content-length') ?? 0) > maxBytes) return 'too large';
  const reader = body.getReader();
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), deadlineMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size <= maxBytes + drainBytes) {
      const read = await Promise.race([reader.read(), late]);
      if (read === 'late') return size > maxBytes ? 'too large' : 'too slow';
      if (read.done) return size > maxBytes ? 'too large' : await new Blob(chunks).arrayBuffer();
      size += read.value.length;
      if (size <= maxBytes) chunks.push(read.value);
    }
    return 'too large';
  } finally {
    clearTimeout(timer);
    // Nobody waits for a client that may never end.
    reader.cancel().catch(() => {});
  }
};
