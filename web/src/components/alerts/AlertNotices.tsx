import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { ChannelView } from '../../../../worker/api/views.ts';
import { useQuery } from '../../primitives/query.ts';
import { channelsQuery, overdueQuery } from '../../queries.ts';
import { Notice } from '../Notice.tsx';
import { Clock } from '../Time.tsx';

/** Says what keeps alerts from arriving: channels that keep failing, and deliveries that Pharos does not get done. */
export const AlertNotices = () => {
  const channels = useQuery(channelsQuery);
  const failing = () => (channels.isSuccess ? channels.data.filter((one) => one.failing?.keepsFailing) : []);
  return (
    <div role="status">
      <For each={failing()}>{(channel) => <FailingNotice channel={channel} />}</For>
      <OverdueNotice />
    </div>
  );
};

const FailingNotice = (props: { channel: ChannelView }) => (
  <Show when={props.channel.failing}>
    {(failing) => (
      <Notice>
        <strong>
          Alerts through {props.channel.name} have not arrived since <Clock at={failing().since} />:
        </strong>{' '}
        {failing().problem} <A href={`/alerts/channels/${props.channel.id}`}>Look at its settings</A>, then send a test
        from the list of channels. What was given up can be sent again under{' '}
        <A href={`/alerts/deliveries?channel=${props.channel.id}&state=dead`}>Deliveries</A>.
      </Notice>
    )}
  </Show>
);

const OverdueNotice = () => {
  const overdue = useQuery(overdueQuery);
  const since = () => (overdue.isSuccess ? overdue.data.since : null);
  const count = () => (overdue.isSuccess ? overdue.data.count : 0);
  return (
    <Show when={since()}>
      {(at) => (
        <Notice>
          <strong>
            {count() === 1 ? 'An alert waits' : `${count().toLocaleString('en')} alerts wait`} to be sent since{' '}
            <Clock at={at()} />,
          </strong>{' '}
          although nothing stands in the way. This is a problem of Pharos, not of your channels. They are sent as soon
          as it is over; whoever runs Pharos finds more at its address <code>/healthz</code>.
        </Notice>
      )}
    </Show>
  );
};
