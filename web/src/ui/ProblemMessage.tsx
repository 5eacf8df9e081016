import AlertCircle from 'lucide-solid/icons/circle-alert';
import { For, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { asProblem, isGone } from '../lib/problem.ts';

/**
 * A failure in words, what to do about it, and the request id small beneath it. Announced to screen readers. Of values
 * that do not fit it lists what is wrong, so that what has no field on the screen is said as well.
 */
export const ProblemMessage = (props: { error: unknown; retry?: () => void }) => {
  const problem = () => asProblem(props.error);
  /** A deleted object does not come back; this is the whole content of its page, so it is the heading. */
  const retry = () => (isGone(props.error) ? undefined : props.retry);
  const wrong = () => [...new Set(problem().fields.map(({ message }) => message))];
  return (
    <div class="problem" role="alert">
      <AlertCircle size={20} aria-hidden="true" />
      <div>
        <Show
          when={wrong().length > 0}
          fallback={
            <>
              <Dynamic component={isGone(props.error) && props.retry ? 'h1' : 'p'} class="problem-title">
                {problem().message}
              </Dynamic>
              <Show when={problem().detail}>
                <p>{problem().detail}</p>
              </Show>
              <Show when={problem().requestId}>
                <p class="request-id">Request {problem().requestId}</p>
              </Show>
            </>
          }
        >
          <p class="problem-title">Some values are invalid</p>
          <ul>
            <For each={wrong()}>{(message) => <li>{message}</li>}</For>
          </ul>
        </Show>
        <Show when={retry()}>
          <button type="button" class="button small" onClick={() => props.retry?.()}>
            Try again
          </button>
        </Show>
      </div>
    </div>
  );
};
