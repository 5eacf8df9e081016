import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { VerdictChangeView } from '../../../../worker/contract/views.ts';
import { useInfiniteQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Clock } from '../../ui/Time.tsx';
import { PastVerdict } from './PastVerdict.tsx';
import { verdictsQuery } from './queries.ts';
import { VerdictBadge } from './VerdictBadge.tsx';

/** The verdicts that a monitor had, latest first; each can be opened and taken apart. */
export const VerdictHistory = guarded((props: { monitorId: string }) => {
  const verdicts = useInfiniteQuery(() => verdictsQuery(props.monitorId));
  const all = () => verdicts.items;
  return (
    <section class="panel" aria-labelledby="verdicts-title">
      <h2 id="verdicts-title">Status changes</h2>
      <Switch>
        <Match when={verdicts.isPending}>
          <Skeleton rows={3} height="line" />
        </Match>
        <Match when={verdicts.isError && all().length === 0}>
          <ProblemMessage error={verdicts.error} retry={() => void verdicts.refetch()} />
        </Match>
        <Match when={true}>
          <ul class="changes">
            <For each={all()}>{(change) => <Change monitorId={props.monitorId} change={change} />}</For>
          </ul>
          <Show when={verdicts.hasNextPage}>
            <button
              type="button"
              class="button small"
              disabled={verdicts.isFetchingNextPage}
              onClick={() => void verdicts.fetchNextPage()}
            >
              Show older status changes
            </button>
          </Show>
        </Match>
      </Switch>
    </section>
  );
});

const Change = (props: { monitorId: string; change: VerdictChangeView }) => {
  const [open, setOpen] = createSignal(false);
  /** Unknown from the moment at which it was set: the monitor was created or resumed. */
  const isBeginning = () => props.change.verdict === 'unknown' && props.change.since === props.change.at;
  return (
    <li data-testid="verdict-change" data-verdict={props.change.verdict}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="change-head">
            <VerdictBadge verdict={props.change.verdict} waiting={isBeginning()} />
            <Clock at={props.change.since} />
          </span>
          <span class="change-sentence">{props.change.sentence}</span>
        </summary>
        <Show when={open()}>
          <PastVerdict monitorId={props.monitorId} at={props.change.at} linked />
        </Show>
      </details>
    </li>
  );
};
