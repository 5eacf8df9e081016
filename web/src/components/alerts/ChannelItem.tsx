import { A } from '@solidjs/router';
import Delivered from 'lucide-solid/icons/circle-check';
import Unused from 'lucide-solid/icons/circle-dashed';
import Pencil from 'lucide-solid/icons/pencil';
import Trash from 'lucide-solid/icons/trash';
import Failing from 'lucide-solid/icons/triangle-alert';
import { Match, Show, Switch } from 'solid-js';
import type { ChannelView } from '../../../../worker/api/views.ts';
import { Ago, Clock } from '../Time.tsx';
import { createChannelTest, TestButton, TestResult } from './ChannelTest.tsx';
import { KindIcon } from './KindIcon.tsx';

/** A channel in the list, with what became of its last message. */
export const ChannelItem = (props: { channel: ChannelView; kindLabel: string; onDelete: () => void }) => {
  const test = createChannelTest();
  return (
    <li class="panel channel" data-testid="channel">
      <div class="channel-head">
        <KindIcon kind={props.channel.kind} />
        <div class="channel-name">
          <h2>{props.channel.name}</h2>
          <p class="caption">{props.kindLabel}</p>
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
      <div class="actions">
        <TestButton test={test} channel={props.channel} />
        <A href={`/alerts/channels/${props.channel.id}`} class="button" aria-label={`Edit ${props.channel.name}`}>
          <Pencil size={18} aria-hidden="true" />
          Edit
        </A>
        <button
          type="button"
          class="button danger-quiet"
          aria-label={`Delete ${props.channel.name}`}
          onClick={() => props.onDelete()}
        >
          <Trash size={18} aria-hidden="true" />
          Delete
        </button>
      </div>
      <TestResult test={test} />
    </li>
  );
};

const ChannelState = (props: { channel: ChannelView }) => (
  <Switch
    fallback={
      <span class="fate" data-fate="waiting">
        <Unused size={18} aria-hidden="true" />
        No alert yet
      </span>
    }
  >
    <Match when={props.channel.failing}>
      <span class="fate" data-fate="dead">
        <Failing size={18} aria-hidden="true" />
        Failing
      </span>
    </Match>
    <Match when={props.channel.lastDeliveredAt}>
      {(at) => (
        <span class="fate" data-fate="delivered">
          <Delivered size={18} aria-hidden="true" />
          <span>
            Delivered <Ago at={at()} />
          </span>
        </span>
      )}
    </Match>
  </Switch>
);
