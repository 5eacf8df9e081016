import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { MonitorDetailView } from '../../../../worker/api/views.ts';
import { becauseText } from '../../governingWords.ts';
import { guarded } from '../guarded.tsx';

/** Which escalation policy tells of the monitor, and why that one. */
export const ToldBy = guarded((props: { monitor: MonitorDetailView }) => (
  <span class="caption" data-testid="told-by">
    <Show when={props.monitor.toldBy} fallback="Nobody is notified yet.">
      {(policy) => (
        <>
          {policy().hasSteps ? 'Notified by' : 'Nobody is notified yet, as there are no steps in'}{' '}
          <A href={`/alerts/policy/${policy().id}`}>{policy().name}</A>, {becauseText(policy())}.
        </>
      )}
    </Show>
    <Show when={props.monitor.severe}> Severe: comes through quiet hours.</Show>
  </span>
));
