import AlertCircle from 'lucide-solid/icons/circle-alert';
import { For, Show } from 'solid-js';
import { asProblem } from '../problem.ts';

/**
 * A failure in words, what to do about it, and the request id small beneath it. Announced to screen readers. Of values
 * that do not fit it lists what is wrong, so that what has no field on the screen is said as well.
 */
export const ProblemMessage = (props: { error: unknown; retry?: () => void }) => {
  const problem = () => asProblem(props.error);
  const wrong = () => [...new Set(problem().fields.map(({ message }) => message))];
  return (
    <div class="problem" role="alert">
      <AlertCircle size={20} aria-hidden="true" />
      <div>
        <Show
          when={wrong().length > 0}
          fallback={
            <>
              <p class="problem-title">{problem().message}</p>
              <Show when={problem().detail}>
                <p>{problem().detail}</p>
              </Show>
              <Show when={problem().requestId}>
                <p class="request-id">Request {problem().requestId}</p>
              </Show>
            </>
          }
        >
          <p class="problem-title">Some values do not fit</p>
          <ul>
            <For each={wrong()}>{(message) => <li>{message}</li>}</For>
          </ul>
        </Show>
        <Show when={props.retry}>
          <button type="button" class="button small" onClick={() => props.retry?.()}>
            Try again
          </button>
        </Show>
      </div>
    </div>
  );
};
