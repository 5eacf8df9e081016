import { Show } from 'solid-js';
import { guarded } from '../ui/guarded.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Clock } from '../ui/Time.tsx';
import { readsPausedUntil } from './cache/readPause.ts';

/** Says that nothing new is read for a while, once for the whole page. */
export const ReadPauseNotice = guarded(() => (
  <div role="status" class="stall" data-testid="read-pause">
    <Show when={readsPausedUntil()}>
      {(at) => (
        <Notice>
          <strong>Too many requests.</strong> You have reached the read limit for this minute. The page may be out of
          date; it refreshes at <Clock at={new Date(at()).toISOString()} />. Checks continue.
        </Notice>
      )}
    </Show>
  </div>
));
