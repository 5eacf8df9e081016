import { For, Show } from 'solid-js';
import { now } from '../../lib/now.ts';
import { zonedSpan, zoneText } from '../../lib/zoned.ts';
import { guarded } from '../../ui/guarded.tsx';
import type { Preview } from './createPreview.ts';

/** The next times of the window that is being filled in. */
export const MaintenancePreview = guarded((props: { preview: Preview; timeZone: string }) => (
  <section class="next-times" aria-label="Next occurrences" aria-live="polite">
    <h2>Next occurrences</h2>
    <Show
      when={props.preview.occurrences().length > 0}
      fallback={<p class="caption">Enter a valid start, end and rule to see the occurrences.</p>}
    >
      <ol>
        <For each={props.preview.occurrences()}>
          {(occurrence) => (
            <li>
              <time dateTime={occurrence.from}>{zonedSpan(occurrence, props.timeZone, now())}</time>
            </li>
          )}
        </For>
      </ol>
      <p class="caption">In local time of {zoneText(props.timeZone, now())}, including daylight saving time.</p>
    </Show>
  </section>
));
