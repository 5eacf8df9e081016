import { Show } from 'solid-js';
import { guarded } from '../ui/guarded.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Clock } from '../ui/Time.tsx';
import { readsPausedUntil } from './cache/readPause.ts';

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
