import Delivered from 'lucide-solid/icons/circle-check';
import Unused from 'lucide-solid/icons/circle-dashed';
import Failing from 'lucide-solid/icons/triangle-alert';
import { createMemo, Match, Show, Switch } from 'solid-js';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import { heldUntil, type QuietHours } from '../../../../worker/domain/delivery/quietHours.ts';
import { now } from '../../lib/now.ts';
import { weeklyHoursText } from '../../lib/weeklyHoursText.ts';
import { zonedUntil } from '../../lib/zoned.ts';
import { EditAndDelete } from '../../ui/EditAndDelete.tsx';
import { guarded } from '../../ui/guarded.tsx';
import { Ago, Clock } from '../../ui/Time.tsx';
import { createChannelTest, TestButton, TestResult } from './ChannelTest.tsx';
import { KindIcon } from './KindIcon.tsx';
import { Recipients } from './Recipients.tsx';
import { unconfirmed } from './unconfirmed.ts';

/** A channel in the list, with what became of its last message. */
export const ChannelItem = guarded((props: { channel: ChannelView; kindLabel: string; onDelete: () => void }) => {
  const test = createChannelTest();
  return (
    <li class="panel channel" data-testid="channel">
      <div class="channel-head">
        <KindIcon kind={props.channel.kind} />
        <div class="channel-name">
          <h2>{props.channel.name}</h2>
          <p class="caption">{props.kindLabel}</p>
          <Show when={props.channel.quietHours}>{(quiet) => <Quiet quiet={quiet()} />}</Show>
        </div>
        <ChannelState channel={props.channel} />
      </div>
      <Show when={props.channel.failing}>
        {(failing) => (
          <p>
            Failing since <Clock at={failing().since} />: {failing().problem}
          </p>
        )}
      </Show>
      <Recipients channel={props.channel} />
      <div class="actions">
        <TestButton test={test} channel={props.channel} />
        <EditAndDelete
          name={props.channel.name}
          href={`/alerts/channels/${props.channel.id}`}
          onDelete={() => props.onDelete()}
        />
      </div>
      <TestResult test={test} />
    </li>
  );
});

const Quiet = (props: { quiet: QuietHours }) => {
  const until = createMemo(() => heldUntil(props.quiet, now()));
  return (
    <p class="caption">
      Quiet hours: {weeklyHoursText(props.quiet.hours)} ({props.quiet.timeZone})
      <Show when={props.quiet.exceptCritical}>, except for critical monitors</Show>
      <Show when={until()}>
        {(at) => (
          <>
            . <strong>Quiet hours until {zonedUntil(at(), props.quiet.timeZone, now())}</strong>
          </>
        )}
      </Show>
    </p>
  );
};

const ChannelState = (props: { channel: ChannelView }) => (
  <Switch
    fallback={
      <span class="delivery-state" data-state="waiting">
        <Unused size={18} aria-hidden="true" />
        No alerts yet
      </span>
    }
  >
    <Match when={props.channel.failing}>
      <span class="delivery-state" data-state="failed">
        <Failing size={18} aria-hidden="true" />
        Failing
      </span>
    </Match>
    <Match
      when={props.channel.recipients?.length && unconfirmed(props.channel).length === props.channel.recipients.length}
    >
      <span class="delivery-state" data-state="waiting">
        <Unused size={18} aria-hidden="true" />
        No confirmed recipients
      </span>
    </Match>
    <Match when={props.channel.lastDeliveredAt}>
      {(at) => (
        <span class="delivery-state" data-state="delivered">
          <Delivered size={18} aria-hidden="true" />
          <span>
            Delivered <Ago at={at()} />
          </span>
        </span>
      )}
    </Match>
  </Switch>
);
