/** How a body is read; all sizes in bytes. */
export interface BodyLimits {
  maxBytes: number;
  /** Read beyond that and thrown away: a connection closed while the client still sends is reset before the answer. */
  drainBytes: number;
  /** For all of it, ms. */
  deadlineMs: number;
}

/** The whole body, or why it was not read. What is left of it is cancelled. */
export const readBody = async (
  body: ReadableStream<Uint8Array>,
  { maxBytes, drainBytes, deadlineMs }: BodyLimits,
): Promise<ArrayBuffer | 'too large' | 'too slow'> => {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), deadlineMs);
  });
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
