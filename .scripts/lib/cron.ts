const minuteMs = 60_000;

/**
 * Does what the platform's cron does and `wrangler dev` does not: one scheduled event now and one at each full minute,
 * until `signal` is aborted. Resolves when the first has been carried out. `onFailure` hears of an event that did not
 * arrive or ended with an error; the next minute is tried anyway.
 */
export const startCron = (apiOrigin: string, onFailure: (message: string) => void, signal: AbortSignal) => {
  const tick = async () => {
    const minute = currentMinute();
    try {
      await sendScheduled(apiOrigin, minute, signal);
    } catch (error) {
      if (!signal.aborted) onFailure(`The cron of ${new Date(minute).toISOString()} failed: ${reason(error)}`);
    }
  };
  let timer: NodeJS.Timeout;
  const tickAtNextMinute = () => {
    timer = setTimeout(
      () => {
        tickAtNextMinute();
        void tick();
      },
      minuteMs - (Date.now() % minuteMs),
    );
  };
  tickAtNextMinute();
  signal.addEventListener('abort', () => clearTimeout(timer));
  return tick();
};

/** Sends the event of this minute, also where it has been sent: events come twice now and then. Throws where it fails. */
export const sendCron = (apiOrigin: string, signal: AbortSignal) => sendScheduled(apiOrigin, currentMinute(), signal);

const currentMinute = () => Math.floor(Date.now() / minuteMs) * minuteMs;

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
