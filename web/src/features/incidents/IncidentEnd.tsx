import { Match, Switch } from 'solid-js';
import type { IncidentView } from '../../../../worker/contract/views.ts';
import { Clock } from '../../ui/Time.tsx';

/** When it ended; for an open one, whether its monitor is still checked. */
export const IncidentEnd = (props: { incident: IncidentView }) => (
  <Switch fallback="ongoing">
    <Match when={props.incident.endedAt}>{(at) => <Clock at={at()} />}</Match>
    <Match when={props.incident.pausedAt}>
      {(at) => (
        <>
          monitor paused at <Clock at={at()} />
        </>
      )}
    </Match>
  </Switch>
);
