import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { SuppressionReasonView } from '../../../../worker/contract/views.ts';
import { Clock, Until } from '../../ui/Time.tsx';

type Dependency = Extract<SuppressionReasonView, { type: 'dependency' }>;

/** Why nobody was alerted, in a sentence. */
export const Suppression = (props: { because: SuppressionReasonView }) => {
  const dependency = () => (props.because.type === 'dependency' ? props.because : undefined);
  return (
    <Switch>
      <Match when={dependency()}>{(because) => <Depending because={because()} />}</Match>
      <Match when={true}>
        Alert suppressed: the monitor was in maintenance
        <Until at={props.because.until} />.
      </Match>
    </Switch>
  );
};

/** `which are down`, `which may be down as well`. */
const clause = ({ monitors, until }: Dependency) => {
  if (until !== null) return 'which may also be down';
  return monitors.length > 1 ? 'which are down' : 'which is down';
};

const Depending = (props: { because: Dependency }) => (
  <>
    <Show when={props.because.until} fallback="Alert suppressed">
      {(until) => (
        <>
          The alert waited until <Clock at={until()} /> at the latest
        </>
      )}
    </Show>
    : it depends on{' '}
    <For each={props.because.monitors}>
      {(monitor, index) => (
        <>
          {index() === 0 ? '' : index() === props.because.monitors.length - 1 ? ' and ' : ', '}
          <A href={`/monitors/${monitor.id}`}>{monitor.name}</A>
        </>
      )}
    </For>
    , {clause(props.because)}.
  </>
);
