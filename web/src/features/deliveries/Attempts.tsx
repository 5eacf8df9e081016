import { For, Show } from 'solid-js';
import type { AttemptResultView, DeliveryView } from '../../../../worker/contract/views.ts';
import { latency } from '../../lib/format.ts';
import { Clock } from '../../ui/Time.tsx';
import '../incidents/incident.css';

/** As text, whatever the response contains. */
export const AttemptAnswer = (props: { attempt: AttemptResultView }) => (
  <Show when={props.attempt.answer}>
    <details class="answer">
      <summary>Response</summary>
      <pre class="answer-body">{props.attempt.answer}</pre>
    </details>
  </Show>
);

/** Each attempt of a delivery, oldest first. */
export const Attempts = (props: { delivery: DeliveryView }) => (
  <Show when={props.delivery.attempts.length > 0}>
    <details class="attempts">
      <summary>{props.delivery.attemptCount === 1 ? '1 attempt' : `${props.delivery.attemptCount} attempts`}</summary>
      <Show when={props.delivery.attemptCount > props.delivery.attempts.length}>
        <p class="caption">Only the latest {props.delivery.attempts.length} are shown.</p>
      </Show>
      <ol>
        <For each={props.delivery.attempts}>
          {(attempt) => (
            <li class="attempt" data-testid="attempt">
              <p>
                <Clock at={attempt.at} />: {attempt.state === 'delivered' ? 'delivered' : attempt.problem}
                <Show when={attempt.state === 'delivered' && attempt.problem}>
                  {(problem) => <>, but not to all recipients. {problem()}</>}
                </Show>
              </p>
              <Show when={attempt.state !== 'suppressed'}>
                <p class="caption">
                  <Show when={attempt.status !== null} fallback="No response">
                    Status {attempt.status}
                  </Show>{' '}
                  after {latency(attempt.latencyMs)}
                </p>
              </Show>
              <AttemptAnswer attempt={attempt} />
            </li>
          )}
        </For>
      </ol>
    </details>
  </Show>
);
