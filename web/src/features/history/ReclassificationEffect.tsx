import { Show } from 'solid-js';
import type { ReclassificationPreview } from '../../../../worker/contract/views.ts';
import type { ReclassifiedAs } from '../../../../worker/domain/history/uptime.ts';
import { duration, percent } from '../../lib/format.ts';
import { guarded } from '../../ui/guarded.tsx';
import { verdictLabels, verdicts } from '../verdicts/verdictText.ts';

/** `6 minutes down, 54 minutes up`: the time that would change its class. */
const changed = ({ seconds: { before, after } }: ReclassificationPreview) =>
  verdicts
    .filter((verdict) => before[verdict] > after[verdict])
    .map((verdict) => `${duration((before[verdict] - after[verdict]) * 1000)} ${verdictLabels[verdict].toLowerCase()}`)
    .join(', ');

/** The effect of saving, in words. */
export const ReclassificationEffect = guarded(
  (props: { preview: ReclassificationPreview | undefined; as: ReclassifiedAs }) => (
    <div class="effect" role="status">
      <Show when={props.preview} fallback={<p class="caption">Enter two valid times to see the effect.</p>}>
        {(preview) => (
          <>
            <p>
              <Show
                when={changed(preview())}
                fallback={
                  props.as === 'maintenance'
                    ? 'No effect: this period already counts as maintenance or paused.'
                    : 'No effect: the monitor was neither down nor degraded in this period.'
                }
              >
                {(what) => `${what()} will count as ${props.as === 'maintenance' ? 'maintenance' : 'up'}.`}
              </Show>
            </p>
            <p data-testid="effect">
              Uptime of the last 30 days:{' '}
              <b>
                {percent(preview().uptime30d.before)} → {percent(preview().uptime30d.after)}
              </b>
            </p>
          </>
        )}
      </Show>
    </div>
  ),
);
