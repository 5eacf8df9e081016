import { For, Show } from 'solid-js';
import type { AnswerView, EvidenceView } from '../../../../worker/contract/views.ts';
import { targetLatencyMs } from '../../../../worker/domain/checks/outcome.ts';
import { regionNames } from '../../../../worker/domain/checks/region.ts';
import { latency } from '../../lib/format.ts';
import { guarded } from '../../ui/guarded.tsx';
import { reasonText } from '../verdicts/verdictText.ts';

/** The result of one region, with the beginning of the response where there was one. */
export const IncidentEvidence = guarded((props: { evidence: EvidenceView & { answer: AnswerView | null } }) => (
  <>
    <span class="event-author">{regionNames[props.evidence.region]}</span> {reasonText(props.evidence)}
    <span class="caption">
      <Show when={targetLatencyMs(props.evidence) !== null}> after {latency(props.evidence.latencyMs)}</Show>
      <Show when={props.evidence.dataCentre}>{(place) => <>, data centre {place()}</>}</Show>
    </span>
    <Show when={props.evidence.answer}>{(answer) => <Answer answer={answer()} />}</Show>
  </>
));

/** As text, whatever the target's response contains. */
const Answer = (props: { answer: AnswerView }) => (
  <details class="answer">
    <summary>Response</summary>
    <dl class="answer-headers">
      <For each={props.answer.headers}>
        {(header) => (
          <div>
            <dt>{header.name}</dt>
            <dd>{header.value}</dd>
          </div>
        )}
      </For>
    </dl>
    <Show when={props.answer.body !== null} fallback={<p class="caption">The body was not stored.</p>}>
      <Show when={props.answer.body} fallback={<p class="caption">The body is empty.</p>}>
        <pre class="answer-body">{props.answer.body}</pre>
      </Show>
      <Show when={props.answer.cut}>
        <p class="caption">Only the start was stored.</p>
      </Show>
    </Show>
    <Show when={props.answer.retried}>
      <p class="caption">Second attempt: the first connection closed without a valid response.</p>
    </Show>
    <p class="caption">Secrets are masked.</p>
  </details>
);
