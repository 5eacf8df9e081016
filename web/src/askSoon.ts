import type { QueryClient } from '@tanstack/solid-query';

const gatherMs = 250;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** An outage of many monitors makes many deliveries at once: what they outdate is asked for once. */
export const invalidateSoon = (client: QueryClient, queryKey: string[]) => {
  const name = queryKey.join(' ');
  if (waiting.has(name)) return;
  const ask = () => {
    waiting.delete(name);
    void client.invalidateQueries({ queryKey });
  };
  waiting.set(name, setTimeout(ask, gatherMs));
};
