import { A } from '@solidjs/router';
import { For, Match, Switch } from 'solid-js';
import type { WithheldBecauseView } from '../../../worker/api/views.ts';
import { Clock } from './Time.tsx';

const standings = { up: 'which is up again', suspect: 'which may be down as well', down: 'which is down' };

/** Why nobody was alerted, in a sentence. */
export const Withheld = (props: { because: WithheldBecauseView }) => {
  const maintenance = () => (props.because.type === 'maintenance' ? props.because : undefined);
  const monitors = () => (props.because.type === 'dependency' ? props.because.monitors : []);
  return (
    <Switch>
      <Match when={maintenance()}>
        {(window) => (
          <>
            Nobody was alerted: the monitor was in maintenance
            {window().until === null ? '' : ' until '}
            {window().until === null ? null : <Clock at={window().until as string} />}.
          </>
        )}
      </Match>
      <Match when={monitors().length === 0}>Nobody was alerted: what it depends on is down.</Match>
      <Match when={true}>
        Nobody was alerted: it depends on{' '}
        <For each={monitors()}>
          {(monitor, index) => (
            <>
              {index() > 0 ? ' and ' : ''}
              <A href={`/monitors/${monitor.id}`}>{monitor.name}</A>, {standings[monitor.standing]}
            </>
          )}
        </For>
        .
      </Match>
    </Switch>
  );
};
