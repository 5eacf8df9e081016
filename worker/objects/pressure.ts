const measureEveryMs = 100;

/** An older measurement does not count. */
const countsForMs = 2_000;

/** On a calm machine a timer is late by a few milliseconds. */
const busyMs = 250;

/** From this lag on, a Prober starts at most this many checks at a time. */
const capacities = [
  [1_000, 1],
  [busyMs, 2],
  [100, 4],
] as const;

/** Measurements of this isolate; tests reset them between files. */
export const pressure = { measuredMs: 0, measuredAt: 0, measuringSince: 0 };

/**
 * Measures how long ready work waits for its turn in this isolate, as the delay of a timer. All of its objects share one
 * thread, so one measurement holds for all of them: numbers may be shared, promises may not.
 */
export const measurePressure = async (): Promise<void> => {
  const dueAt = Date.now() + 1;
  await scheduler.wait(1);
  noteTimer(dueAt);
};

/** Measures again where the latest measurement is too old. */
export const refreshPressure = async (): Promise<void> => {
  if (Date.now() - pressure.measuredAt >= measureEveryMs) await measurePressure();
};

/** Measures for later readers where the latest measurement is old; one at a time is enough for all objects. */
export const keepPressure = (): void => {
  const now = Date.now();
  // The measuring object may end: after a while another one takes over.
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

/** The present delay of timers; 0 without a recent measurement. */
export const lagMs = (): number => (Date.now() - pressure.measuredAt <= countsForMs ? pressure.measuredMs : 0);

/** The latency of targets is then distorted by this machine. */
export const isBusy = (): boolean => lagMs() > busyMs;

/** How many of `size` slots may be used, at least one: checks beyond the thread's capacity only wait in it. */
export const capacityOf = (size: number): number => capacities.find(([from]) => lagMs() > from)?.[1] ?? size;
