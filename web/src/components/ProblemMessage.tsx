import AlertCircle from 'lucide-solid/icons/circle-alert';
import { Show } from 'solid-js';
import { asProblem } from '../problem.ts';

/** A failure in words, what to do about it, and the request id small beneath it. Announced to screen readers. */
export const ProblemMessage = (props: { error: unknown; retry?: () => void }) => {
  const problem = () => asProblem(props.error);
  return (
    <div class="problem" role="alert">
      <AlertCircle size={20} aria-hidden="true" />
      <div>
        <p class="problem-title">{problem().message}</p>
        <Show when={problem().detail}>
          <p>{problem().detail}</p>
        </Show>
        <Show when={problem().requestId}>
          <p class="request-id">Request {problem().requestId}</p>
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
