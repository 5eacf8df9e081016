import { Show } from 'solid-js';
import { readsPausedUntil } from '../readPause.ts';
import { guarded } from './guarded.tsx';
import { Notice } from './Notice.tsx';
import { Clock } from './Time.tsx';

/** Says that nothing new is read for a while, once for the whole page. */
export const ReadPauseNotice = guarded(() => (
  <div role="status" class="standstill" data-testid="read-pause">
    <Show when={readsPausedUntil()}>
      {(at) => (
        <Notice>
          <strong>Too many requests.</strong> Pharos limits how much one person may read in a minute. What you see may
          be out of date; it is updated by itself at <Clock at={new Date(at()).toISOString()} />. Your monitors are
          still checked.
        </Notice>
      )}
    </Show>
  </div>
));
