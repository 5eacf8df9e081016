import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { useQuery } from '../../app/cache/query.ts';
import { duration } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { zonedSpan } from '../../lib/zoned.ts';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { dayMs } from '../monitors/ticks.ts';
import { occurrencesQuery } from './queries.ts';

const pastDays = 90;
const atOnce = 20;

/** The windows of the last 90 days, newest first. */
export const PastMaintenance = guarded((props: { timeZone: string }) => {
  const at = Date.now();
  const query = useQuery(() =>
    occurrencesQuery(new Date(at - pastDays * dayMs).toISOString(), new Date(at).toISOString()),
  );
  const [limit, setLimit] = createSignal(atOnce);
  const over = createMemo(() =>
    (query.isPending ? [] : (query.data ?? [])).filter((one) => Date.parse(one.to) <= now()).toReversed(),
  );
  return (
    <section class="panel" aria-labelledby="past-title">
      <h2 id="past-title">Past maintenance, {pastDays} days</h2>
      <Switch>
        <Match when={query.isPending}>
          <Skeleton rows={2} height="line" />
        </Match>
        <Match when={query.isError && over().length === 0}>
          <ProblemMessage error={query.error} retry={() => void query.refetch()} />
        </Match>
        <Match when={over().length === 0}>
          <p class="nothing">None.</p>
        </Match>
        <Match when={true}>
          <ul class="past-list">
            <For each={over().slice(0, limit())}>
              {(one) => (
                <li>
                  <span class="past-title">{one.title}</span>
                  <span class="caption">
                    <time dateTime={one.from}>{zonedSpan(one, props.timeZone, now())}</time>,{' '}
                    {duration(Date.parse(one.to) - Date.parse(one.from))}
                  </span>
                </li>
              )}
            </For>
          </ul>
          <Show when={over().length > limit()}>
            <button type="button" class="button small" onClick={() => setLimit(limit() + atOnce)}>
              Show more
            </button>
          </Show>
        </Match>
      </Switch>
    </section>
  );
});
