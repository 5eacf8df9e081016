const measureEveryMs = 100;

/** A measure that is older says nothing. */
const countsForMs = 2_000;

/** On a calm machine a timer is late by a few milliseconds. */
const busyMs = 250;

/** From so much lag on a Prober begins no more than so many checks at a time. */
const capacities = [
  [1_000, 1],
  [busyMs, 2],
  [100, 4],
] as const;

/** What this isolate measured; tests put it back between files. */
export const pressure = { measuredMs: 0, measuredAt: 0, measuringSince: 0 };

/**
 * Measures how long what is ready waits for its turn in this isolate, as the delay of a timer. All of its objects share
 * one thread, so one measure holds for all of them: numbers may be shared, promises may not.
 */
export const measurePressure = async (): Promise<void> => {
  const dueAt = Date.now() + 1;
  await scheduler.wait(1);
  noteTimer(dueAt);
};

/** The same where the latest measure is too old to rest on. */
export const refreshPressure = async (): Promise<void> => {
  if (Date.now() - pressure.measuredAt >= measureEveryMs) await measurePressure();
};

/** Measures, where the latest measure is old, for those who ask later; one measure at a time is enough for all objects. */
export const keepPressure = (): void => {
  const now = Date.now();
  // The object that measures may end: after a while another one does.
  if (now - pressure.measuredAt < measureEveryMs || now - pressure.measuringSince < countsForMs) return;
  pressure.measuringSince = now;
  void measurePressure().finally(() => {
    pressure.measuringSince = 0;
  });
};

/** A timer that was due at `dueAt` (ms since the epoch) has fired now. */
export const noteTimer = (dueAt: number): void => {
  pressure.measuredAt = Date.now();
  pressure.measuredMs = pressure.measuredAt - dueAt;
};

/** How late timers are just now; 0 where nothing was measured lately. */
export const lagMs = (): number => (Date.now() - pressure.measuredAt <= countsForMs ? pressure.measuredMs : 0);

/** Latencies of targets now say more about this machine. */
export const isBusy = (): boolean => lagMs() > busyMs;

/** Of `size` slots, how many may be taken, at least one: what is begun beyond what the thread carries only waits in it. */
export const capacityOf = (size: number): number => capacities.find(([from]) => lagMs() > from)?.[1] ?? size;
