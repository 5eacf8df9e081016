import { A } from '@solidjs/router';
import { onMount, Show } from 'solid-js';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { isMasked } from '../../lib/masked.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { createChannelTest, TestButton, TestResult } from './ChannelTest.tsx';
import { channelsQuery } from './queries.ts';
import { Recipients } from './Recipients.tsx';
import { unconfirmed } from './unconfirmed.ts';

/** After a channel was created: the secret that is not shown again, and a test. */
export const ChannelCreated = (props: { channel: ChannelView }) => {
  /** One that somebody brought along is masked: they have it. */
  const made = () => {
    const { signingSecret } = props.channel.settings;
    return typeof signingSecret === 'string' && !isMasked(signingSecret) ? signingSecret : null;
  };
  const channels = useQuery(channelsQuery);
  /** The current state: recipients confirm while the page is open. */
  const channel = () =>
    (channels.isSuccess ? channels.data.find(({ id }) => id === props.channel.id) : undefined) ?? props.channel;
  const waiting = () => unconfirmed(channel()).length > 0;
  const test = createChannelTest();
  let heading: HTMLHeadingElement | undefined;
  onMount(() => heading?.focus());
  return (
    <div class="panel created">
      <h2 tabIndex={-1} ref={heading}>
        {waiting() ? `“${props.channel.name}” needs confirmation` : `“${props.channel.name}” is ready`}
      </h2>
      <Show when={waiting()}>
        <p>Pharos has mailed a confirmation link to each recipient. Unconfirmed recipients receive no alerts.</p>
        <Recipients channel={channel()} />
      </Show>
      <p>
        This channel was added to the first step of the default policy, so it receives every outage.{' '}
        <A href="/alerts/policy/default">Edit escalation policy</A>
      </p>
      <Show when={made()}>{(secret) => <SigningSecret secret={secret()} />}</Show>
      <div class="actions">
        <TestButton test={test} channel={props.channel} />
        <A href="/alerts" class="button">
          All channels
        </A>
      </div>
      <TestResult test={test} />
    </div>
  );
};

const SigningSecret = (props: { secret: string }) => (
  <div class="signing-secret">
    <p>
      <strong>Signing secret.</strong> The receiver uses it to verify that a message is from Pharos. Copy it now: it is
      not shown again.
    </p>
    <code data-testid="signing-secret">{props.secret}</code>
    <div class="actions">
      <CopyButton text={props.secret} />
    </div>
  </div>
);
