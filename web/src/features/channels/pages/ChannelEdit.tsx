import { A, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { createSignal, Show } from 'solid-js';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { remember } from '../../../app/cache/queryClient.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { alwaysRefetched, createBeginning } from '../../../ui/primitives/createBeginning.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { together } from '../../../ui/primitives/together.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { meQuery } from '../../teams/queries.ts';
import { ChannelForm } from '../ChannelForm.tsx';
import { channelDraftOf } from '../channelDraft.ts';
import { NotifyBrowserAgain } from '../NotifyBrowser.tsx';
import { channelKindsQuery, channelQuery } from '../queries.ts';
import { Recipients } from '../Recipients.tsx';
import '../../monitors/monitor.css';

export default function ChannelEdit() {
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const channel = useQuery(() => ({ ...channelQuery(params.id), ...alwaysRefetched }));
  const beginning = createBeginning(channel);
  const latest = () => (channel.isSuccess ? channel.data : undefined);
  const kinds = useQuery(channelKindsQuery);
  const me = useQuery(meQuery);
  const all = together(channel, kinds, me);
  const known = () => {
    const found = beginning();
    const kind = all.isPending ? undefined : kinds.data?.data.find((one) => one.kind === found?.kind);
    const timeZone = all.isPending ? undefined : me.data?.team.timeZone;
    return found && kind && timeZone ? { channel: found, kind, timeZone } : undefined;
  };
  createTitle(() => (known() ? `Edit ${known()?.channel.name}` : 'Edit'));
  return (
    <div class="page narrow">
      <A href="/alerts" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        All channels
      </A>
      <h1>Edit channel</h1>
      <Answered query={all} answer={known()} waiting={<Skeleton rows={4} height="row" />}>
        {(answer) => {
          const { channel, kind, timeZone } = answer();
          const isPush = kind.kind === 'web-push';
          const typed = isPush ? { ...kind, fields: [] } : kind;
          const { id, updatedAt: readAt } = channel;
          const [read, setRead] = createSignal({ updatedAt: readAt });
          return (
            <>
              <ChannelForm
                kind={typed}
                initial={channelDraftOf(typed, channel, timeZone)}
                // A draft belongs to the version that was read: after somebody else's change it is not restored.
                draftKey={`channel:${id}:${readAt}`}
                button="Save changes"
                save={async (input) => {
                  const { updatedAt } = read();
                  remember(client, channelQuery(id).queryKey, await api.changeChannel(id, { ...input, updatedAt }));
                  void client.invalidateQueries({ queryKey: ['channels'] });
                  goOn('/alerts');
                }}
              />
              <Show when={channel.recipients}>
                <section class="panel" aria-labelledby="recipients-title">
                  <h2 id="recipients-title">Recipients</h2>
                  <Recipients channel={latest() ?? channel} />
                </section>
              </Show>
              <Show when={isPush}>
                <NotifyBrowserAgain kind={kind} channel={channel} onChange={setRead} />
              </Show>
            </>
          );
        }}
      </Answered>
    </div>
  );
}
