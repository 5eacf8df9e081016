const minuteMs = 60_000;

/**
 * Does what the platform's cron does and `wrangler dev` does not: one scheduled event now and one at each full minute.
 * `onFailure` hears of an event that did not arrive or was answered with an error; the next minute is tried all the same.
 */
export const startCron = (apiOrigin: string, onFailure: (message: string) => void) => {
  let timer: NodeJS.Timeout;
  const ending = new AbortController();
  const tick = async () => {
    const minute = Math.floor(Date.now() / minuteMs) * minuteMs;
    try {
      await sendScheduled(apiOrigin, minute, ending.signal);
    } catch (error) {
      if (!ending.signal.aborted) onFailure(`The cron of ${new Date(minute).toISOString()} failed: ${reason(error)}`);
    }
  };
  const schedule = () => {
    timer = setTimeout(
      () => {
        void tick();
        schedule();
      },
      minuteMs - (Date.now() % minuteMs),
    );
  };
  schedule();
  const first = tick();
  const stop = () => {
    clearTimeout(timer);
    ending.abort();
  };
  return { first, stop };
};

const sendScheduled = async (apiOrigin: string, minute: number, signal: AbortSignal) => {
  const query = new URLSearchParams({ cron: '* * * * *', time: String(minute) });
  const response = await fetch(`${apiOrigin}/cdn-cgi/local/scheduled?${query}`, { method: 'POST', signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
};

const reason = (error: unknown) => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
};
