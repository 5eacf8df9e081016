/** No request to the worker carries more (worker/api/middleware.ts), in bytes. */
const maxBytes = 64 * 1024;

/** Read beyond that and thrown away, so that a client that sends little more sees the answer. */
const drainBytes = 1024 * 1024;

const deadlineMs = 15_000;

/**
 * The whole body, or why the worker would refuse it: while a part of a body is on its way, its answer would be kept back.
 * One that says to be too large is not even begun.
 */
export const readBody = async ({ headers, body }: Request): Promise<ArrayBuffer | null | 'too large' | 'too slow'> => {
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
