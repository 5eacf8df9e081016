import { useQueryClient } from '@tanstack/solid-query';
import Skip from 'lucide-solid/icons/skip-forward';
import { For, Show } from 'solid-js';
import type { MaintenanceWindowView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { now } from '../../lib/now.ts';
import { zonedSpan } from '../../lib/zoned.ts';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';

/** Skips the next time of a window that repeats, and takes that back. The button and the list stand apart. */
export const createSkipping = () => {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['maintenance'] });
  let button: HTMLButtonElement | undefined;
  const skip = createAction(async (id: string, from: string) => {
    await api.skipMaintenance(id, from);
    await refresh();
  });
  const undo = createAction(async (id: string, from: string) => {
    await api.unskipMaintenance(id, from);
    await refresh();
    button?.focus();
  });
  const setButton = (element: HTMLButtonElement) => {
    button = element;
  };
  return { skip, undo, setButton };
};

interface Props {
  window: MaintenanceWindowView;
  timeZone: string;
  skipping: ReturnType<typeof createSkipping>;
}

const textOf = (span: { from: string; to: string }, timeZone: string) => zonedSpan(span, timeZone, now());

export const SkipNext = (props: Props) => (
  <Show when={props.window.rrule !== null && props.window.next}>
    {(next) => (
      <button
        type="button"
        class="button"
        ref={props.skipping.setButton}
        disabled={props.skipping.skip.pending()}
        aria-label={`Skip next: ${props.window.title}, ${textOf(next(), props.timeZone)}`}
        onClick={() => void props.skipping.skip.run(props.window.id, next().from)}
      >
        <Skip size={18} aria-hidden="true" />
        Skip next
      </button>
    )}
  </Show>
);

/** The skipped occurrences, so that they can be restored. */
export const SkippedOccurrences = guarded((props: Props) => (
  <Show when={props.window.rrule !== null}>
    <div class="skipped">
      <ul aria-label={`Skipped occurrences of ${props.window.title}`} aria-live="polite">
        <For each={props.window.skipped}>
          {(one) => (
            <li data-testid="skipped">
              Skipped: <time dateTime={one.from}>{textOf(one, props.timeZone)}</time>{' '}
              <Show when={Date.parse(one.from) > now()}>
                <button
                  type="button"
                  class="link"
                  disabled={props.skipping.undo.pending()}
                  aria-label={`Undo: ${props.window.title} is skipped, ${textOf(one, props.timeZone)}`}
                  onClick={() => void props.skipping.undo.run(props.window.id, one.from)}
                >
                  Undo
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.skipping.skip.problem() ?? props.skipping.undo.problem()}>
        {(problem) => <ProblemMessage error={problem()} />}
      </Show>
    </div>
  </Show>
));
