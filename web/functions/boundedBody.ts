/** No request to the worker carries more (worker/api/middleware.ts), in bytes. */
export const maxBytes = 64 * 1024;

/** Read beyond that and thrown away, so that a client that sends little more sees the answer. */
const drainBytes = 1024 * 1024;

/**
 * The request with a body of at most a byte more than the worker takes: it refuses that one, and one that nobody reads to
 * its end would keep the answer back. A body that says its length is handed on as it is.
 */
export const withBoundedBody = (request: Request, after: (rest: Promise<void>) => void): Request => {
  if (!request.body || request.headers.has('content-length')) return request;
  return new Request(request, { body: beginningOf(request.body, after) });
};

const beginningOf = (body: ReadableStream<Uint8Array>, after: (rest: Promise<void>) => void) => {
  const reader = body.getReader();
  let left = maxBytes + 1;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (value) controller.enqueue(value.subarray(0, left));
      left -= value?.length ?? 0;
      if (!done && left > 0) return;
      controller.close();
      if (!done) after(drain(reader));
    },
    cancel: (reason) => reader.cancel(reason),
  });
};

const drain = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
  try {
    for (let left = drainBytes; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.length;
    }
    await reader.cancel();
  } catch {
    // The client has gone.
  }
};
