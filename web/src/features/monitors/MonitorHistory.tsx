import { A } from '@solidjs/router';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { HistorySpanView, HistoryView } from '../../../../worker/contract/views.ts';
import { duration } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeSpan } from '../../ui/Time.tsx';
import { historyQuery } from '../verdicts/queries.ts';
import { VerdictBadge } from '../verdicts/VerdictBadge.tsx';
import { verdictLabels } from '../verdicts/verdictText.ts';
import { HistoryStrip } from './HistoryStrip.tsx';
import '../history/history.css';
import { useQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';

const periods = [
  { days: 1, text: '24 hours' },
  { days: 7, text: '7 days' },
] as const;

const maxListed = 20;

const lengthOf = ({ from, to }: HistorySpanView) => Date.parse(to) - Date.parse(from);

/** The spans that deserve a line: neither uptime, nor planned pauses, nor moments. */
const noteworthy = ({ spans }: HistoryView) =>
  spans
    .filter(({ verdict, countsAs }) => !['up', 'paused'].includes(verdict) || countsAs !== verdict)
    .filter((span) => lengthOf(span) >= 1_000)
    .reverse();

/** The history of a monitor: a strip, and a line for each problem. */
export const MonitorHistory = guarded((props: { monitorId: string }) => {
  const [days, setDays] = createSignal<1 | 7>(1);
  const history = useQuery(() => historyQuery(props.monitorId, days()));
  const known = () => (history.isPending ? undefined : history.data);
  return (
    <section class="panel history" aria-labelledby="history-title">
      <div class="panel-head">
        <h2 id="history-title">History</h2>
        <fieldset class="chips" aria-label="Period">
          <For each={periods}>
            {(period) => (
              <button
                type="button"
                class="chip"
                aria-pressed={days() === period.days}
                onClick={() => setDays(period.days)}
              >
                {period.text}
              </button>
            )}
          </For>
        </fieldset>
      </div>
      <Switch>
        <Match when={known()}>
          {(found) => (
            <>
              <HistoryStrip history={found()} />
              <Spans spans={noteworthy(found())} end={found().to} monitorId={props.monitorId} />
            </>
          )}
        </Match>
        <Match when={history.isPending}>
          <Skeleton rows={2} height="row" />
        </Match>
        <Match when={history.isError}>
          <ProblemMessage error={history.error} retry={() => void history.refetch()} />
        </Match>
      </Switch>
      <A href={`/monitors/${props.monitorId}/reclassify`} class="button small">
        Reclassify a period…
      </A>
    </section>
  );
});

/** `end`: what reaches it is still going on, and can be reclassified when it is over. */
const Spans = (props: { spans: HistorySpanView[]; end: string; monitorId: string }) => (
  <Show when={props.spans.length > 0} fallback={<p class="nothing">No problems in this period.</p>}>
    <ul class="history-spans">
      <For each={props.spans.slice(0, maxListed)}>
        {(span) => (
          <li class="history-span" data-testid="history-span">
            <VerdictBadge verdict={span.verdict} />
            <span>
              <span>
                <TimeSpan from={span.from} to={span.to === props.end ? null : span.to} />
              </span>
              <span class="caption">
                {duration(span.to === props.end ? now() - Date.parse(span.from) : lengthOf(span))}
                <Show when={span.countsAs !== span.verdict}>
                  , counts as {verdictLabels[span.countsAs].toLowerCase()}
                </Show>
              </span>
            </span>
            <Show when={span.reclassificationId === null && span.to !== props.end}>
              <A
                href={`/monitors/${props.monitorId}/reclassify?${new URLSearchParams({ from: span.from, to: span.to })}`}
                class="button small"
              >
                Reclassify…
              </A>
            </Show>
          </li>
        )}
      </For>
    </ul>
    <Show when={props.spans.length > maxListed}>
      <p class="caption">
        The latest {maxListed} of {props.spans.length}.
      </p>
    </Show>
  </Show>
);
