import { useQueryClient } from '@tanstack/solid-query';
import { For, Show } from 'solid-js';
import type { MaintenanceWindowView } from '../../../../worker/api/views.ts';
import { api } from '../../api.ts';
import { createAction } from '../../primitives/createAction.ts';
import { now } from '../../primitives/now.ts';
import { zonedSpan } from '../../zoned.ts';
import { guarded } from '../guarded.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';

/** Leaves out the next time of a window that repeats, and shows what is left out, so that it can be taken back. */
export const SkippedOccurrences = guarded((props: { window: MaintenanceWindowView; timeZone: string }) => {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['maintenance'] });
  let skipButton: HTMLButtonElement | undefined;
  const skip = createAction(async (id: string, from: string) => {
    await api.skipMaintenance(id, from);
    await refresh();
  });
  const undo = createAction(async (id: string, from: string) => {
    await api.unskipMaintenance(id, from);
    await refresh();
    skipButton?.focus();
  });
  const text = (span: { from: string; to: string }) => zonedSpan(span, props.timeZone, now());
  return (
    <Show when={props.window.rrule !== null}>
      <div class="skipped">
        <Show when={props.window.next}>
          {(next) => (
            <button
              type="button"
              class="button small"
              ref={skipButton}
              disabled={skip.pending()}
              aria-label={`Skip next: ${props.window.title}, ${text(next())}`}
              onClick={() => void skip.run(props.window.id, next().from)}
            >
              Skip next
            </button>
          )}
        </Show>
        <ul aria-label={`Skipped times of ${props.window.title}`} aria-live="polite">
          <For each={props.window.skipped}>
            {(one) => (
              <li data-testid="skipped">
                Skipped: <time dateTime={one.from}>{text(one)}</time>{' '}
                <Show when={Date.parse(one.from) > now()}>
                  <button
                    type="button"
                    class="link"
                    disabled={undo.pending()}
                    aria-label={`Undo: ${props.window.title} is skipped, ${text(one)}`}
                    onClick={() => void undo.run(props.window.id, one.from)}
                  >
                    Undo
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={skip.problem() ?? undo.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      </div>
    </Show>
  );
});
