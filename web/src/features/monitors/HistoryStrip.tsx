import { For } from 'solid-js';
import type { HistorySpanView, HistoryView } from '../../../../worker/contract/views.ts';
import { exactTime } from '../../lib/format.ts';
import { Clock } from '../../ui/Time.tsx';
import { verdictLabels, verdicts } from '../verdicts/verdictText.ts';

const lengthOf = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from);

const titleOf = (span: HistorySpanView) => {
  const counts = span.countsAs === span.verdict ? '' : `, counts as ${verdictLabels[span.countsAs].toLowerCase()}`;
  return `${verdictLabels[span.verdict]}${counts}: ${exactTime(span.from)} – ${exactTime(span.to)}`;
};

/** `Up 98 %, Down 2 %` of the period, for people who cannot see the strip. */
const summary = (history: HistoryView) => {
  const share = (verdict: string) =>
    history.spans.filter((span) => span.countsAs === verdict).reduce((sum, span) => sum + lengthOf(span), 0) /
    lengthOf(history);
  const parts = verdicts.map((verdict) => [verdictLabels[verdict], share(verdict)] as const);
  return parts
    .filter(([, part]) => part > 0)
    .map(([word, part]) => `${word} ${Math.max(1, Math.round(part * 100))} %`)
    .join(', ');
};

/** The period from left to right in the colours of the verdicts; hatched where it counts otherwise than it was. */
export const HistoryStrip = (props: { history: HistoryView }) => (
  <div>
    <div class="strip" role="img" aria-label={`History: ${summary(props.history)}`}>
      <For each={props.history.spans}>
        {(span) => (
          <span
            class="strip-span"
            classList={{ recounted: span.countsAs !== span.verdict }}
            data-verdict={span.verdict}
            style={{ 'flex-grow': lengthOf(span) }}
            title={titleOf(span)}
          />
        )}
      </For>
    </div>
    <p class="strip-ends caption">
      <Clock at={props.history.from} />
      <span>now</span>
    </p>
  </div>
);
