import { createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js';
import type { MonitorListItem } from '../../../../worker/contract/views.ts';
import { fitsSearch } from '../../../../worker/domain/fields/searchText.ts';
import { useInfiniteQuery, useQuery } from '../../app/cache/query.ts';
import { monitorsQuery, namedMonitorsQuery } from './queries.ts';

type Known = Pick<MonitorListItem, 'id' | 'name' | 'address'>;

const searchAfterMs = 250;

/**
 * Monitors for a person to choose from: the API finds them by what is typed, however many there are, and names those that
 * were chosen before.
 */
export const createMonitorChoice = (chosen: () => readonly string[]) => {
  const [typed, setTyped] = createSignal('');
  const [search, setSearch] = createSignal('');
  const [seen, setSeen] = createSignal<Record<string, Known>>({});
  createEffect(() => {
    const text = typed().trim();
    const timer = setTimeout(() => setSearch(text), searchAfterMs);
    onCleanup(() => clearTimeout(timer));
  });
  const found = useInfiniteQuery(() => monitorsQuery(search() === '' ? {} : { search: search() }));
  const before = untrack(chosen);
  const named = useQuery(() => ({ ...namedMonitorsQuery(before), enabled: before.length > 0 }));
  // Monitors that were found once keep their names during the next search.
  createEffect(() => {
    const fresh = [...found.items, ...(named.isSuccess ? named.data : [])].map(({ id, name, address }) => ({
      id,
      name,
      address,
    }));
    if (fresh.length > 0) setSeen((known) => ({ ...known, ...Object.fromEntries(fresh.map((one) => [one.id, one])) }));
  });
  const isNaming = () => before.length > 0 && named.isPending;
  return {
    found,
    typed,
    setTyped,
    /** The latest input was not searched yet. */
    isSettled: () => search() === typed().trim() && !found.isPending,
    /** The matches for the input among the loaded pages. */
    fitting: createMemo(() => found.items.filter(({ name, address }) => fitsSearch(typed(), name, address))),
    known: (id: string): Known | undefined => seen()[id],
    nameOf: (id: string): string => seen()[id]?.name ?? (isNaming() ? '…' : 'Deleted monitor'),
  };
};
