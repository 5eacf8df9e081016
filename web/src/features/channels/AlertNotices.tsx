import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { now } from '../../lib/now.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Clock } from '../../ui/Time.tsx';
import { channelsQuery, overdueQuery } from './queries.ts';
import { unconfirmed } from './unconfirmed.ts';

/** Says what keeps alerts from arriving: channels that keep failing, and deliveries that Pharos does not get done. */
export const AlertNotices = guarded(() => {
  const channels = useQuery(channelsQuery);
  const failing = () => (channels.isSuccess ? channels.data.filter((one) => one.failing?.keepsFailing) : []);
  /** One notice per failure: a channel whose mails fail cannot be confirmed either. */
  const others = () => (channels.isSuccess ? channels.data.filter((one) => !one.failing?.keepsFailing) : []);
  return (
    <div role="status">
      <For each={failing()}>{(channel) => <FailingNotice channel={channel} />}</For>
      <UnconfirmedNotice channels={others()} />
      <OverdueNotice />
    </div>
  );
});

/** Above the list of channels, whose rows show their own problems. */
export const OverdueAlertsNotice = guarded(() => (
  <div role="status">
    <OverdueNotice />
  </div>
));

const FailingNotice = (props: { channel: ChannelView }) => (
  <Show when={props.channel.failing}>
    {(failing) => (
      <Notice>
        <strong>
          Alert delivery through {props.channel.name} has failed since <Clock at={failing().since} />:
        </strong>{' '}
        {failing().problem} <A href={`/alerts/channels/${props.channel.id}`}>Check its settings</A>, then send a test
        from the list of channels. You can send failed alerts again under{' '}
        <A href={`/alerts/deliveries?channel=${props.channel.id}&state=failed`}>Deliveries</A>.
      </Notice>
    )}
  </Show>
);

/** Recipients from before confirmations, whose alerts end soon, and channels that reach nobody yet. */
const UnconfirmedNotice = (props: { channels: ChannelView[] }) => {
  const open = () => props.channels.filter((one) => unconfirmed(one).some(({ state }) => state === 'waiting'));
  const until = () =>
    open()
      .flatMap(unconfirmed)
      .flatMap(({ receivesUntil }) => receivesUntil ?? [])
      .filter((at) => Date.parse(at) > now())
      .toSorted()[0];
  const names = () =>
    open()
      .map(({ name }) => name)
      .join(', ');
  return (
    <Show when={open().length > 0}>
      <Notice>
        <strong>Unconfirmed recipients in {names()}.</strong>{' '}
        <Show when={until()} fallback="They receive no alerts until they confirm.">
          {(at) => (
            <>
              From <Clock at={at()} />, only confirmed recipients receive alerts.
            </>
          )}
        </Show>{' '}
        <A href="/alerts">Open channels</A> to send the confirmation again.
      </Notice>
    </Show>
  );
};

const OverdueNotice = () => {
  const overdue = useQuery(overdueQuery);
  const since = () => (overdue.isSuccess ? overdue.data.since : null);
  const count = () => (overdue.isSuccess ? overdue.data.count : 0);
  return (
    <Show when={since()}>
      {(at) => (
        <Notice>
          <strong>
            {count() === 1 ? '1 alert is overdue' : `${count().toLocaleString('en')} alerts are overdue`} since{' '}
            <Clock at={at()} />.{' '}
          </strong>{' '}
          This is a problem of Pharos, not of your channels. Pharos sends the alerts when it recovers. The operator
          finds details at <code>/healthz</code>.
        </Notice>
      )}
    </Show>
  );
};
