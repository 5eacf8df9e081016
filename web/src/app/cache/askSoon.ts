import type { QueryClient, QueryKey } from '@tanstack/solid-query';

/** Requests within this time are combined, and the same data is requested at most once every `gapMs`. */
const gatherMs = 250;
const gapMs = 3_000;

interface Asking {
  waiting: Map<string, QueryKey>;
  askedAt: Map<string, number>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const askings = new WeakMap<QueryClient, Asking>();

const askingOf = (client: QueryClient): Asking => {
  const known = askings.get(client) ?? { waiting: new Map(), askedAt: new Map(), timer: undefined };
  askings.set(client, known);
  return known;
};

/** Asks for all that is due, and comes back for the rest. */
const ask = (client: QueryClient, asking: Asking): void => {
  const now = Date.now();
  asking.timer = undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const [name, queryKey] of asking.waiting) {
    const dueAt = (asking.askedAt.get(name) ?? 0) + gapMs;
    if (dueAt > now) {
      next = Math.min(next, dueAt - now);
      continue;
    }
    asking.waiting.delete(name);
    asking.askedAt.set(name, now);
    void client.invalidateQueries({ queryKey });
  }
  for (const [name, at] of asking.askedAt) if (at + gapMs <= now) asking.askedAt.delete(name);
  if (next < Number.POSITIVE_INFINITY) asking.timer = setTimeout(() => ask(client, asking), next);
};

/** An outage of many monitors makes many events at once: the outdated data is requested once, and at intervals. */
export const invalidateSoon = (client: QueryClient, queryKey: QueryKey): void => {
  const asking = askingOf(client);
  asking.waiting.set(JSON.stringify(queryKey), queryKey);
  // Whoever opens a page meanwhile asks at once.
  void client.invalidateQueries({ queryKey, refetchType: 'none' });
  asking.timer ??= setTimeout(() => ask(client, asking), gatherMs);
};
