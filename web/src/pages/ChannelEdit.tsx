import { A, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { createSignal, Show } from 'solid-js';
import { api } from '../api.ts';
import { channelDraftOf } from '../channelDraft.ts';
import { Answered } from '../components/Answered.tsx';
import { ChannelForm } from '../components/alerts/ChannelForm.tsx';
import { NotifyBrowserAgain } from '../components/alerts/NotifyBrowser.tsx';
import { Recipients } from '../components/alerts/Recipients.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { askedAnew, createBeginning } from '../primitives/createBeginning.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { createWayOn } from '../primitives/createWayOn.ts';
import { useQuery } from '../primitives/query.ts';
import { together } from '../primitives/together.ts';
import { channelKindsQuery, channelQuery } from '../queries/alerts.ts';
import { meQuery } from '../queries/team.ts';
import '../styles/monitor.css';

export default function ChannelEdit() {
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const channel = useQuery(() => ({ ...channelQuery(params.id), ...askedAnew }));
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
                // What is typed belongs to what was read: after somebody else's change it is not brought back.
                draftKey={`channel:${id}:${readAt}`}
                button="Save changes"
                save={async (input) => {
                  const { updatedAt } = read();
                  client.setQueryData(channelQuery(id).queryKey, await api.changeChannel(id, { ...input, updatedAt }));
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
