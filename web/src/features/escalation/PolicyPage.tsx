import { A } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import type { JSX } from 'solid-js';
import type { ChannelView, EscalationPolicyView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { Answered } from '../../ui/Answered.tsx';
import { together } from '../../ui/primitives/together.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { NoChannelNotice } from '../channels/NoChannelNotice.tsx';
import { channelsQuery, policiesQuery } from '../channels/queries.ts';
import '../monitors/monitor.css';

/** The common part of the pages of one policy: all policies and channels are loaded before its form is shown. */
export const PolicyPage = (props: {
  title: string;
  children: (known: { policies: EscalationPolicyView[]; channels: ChannelView[] }) => JSX.Element;
}) => {
  const policies = useQuery(policiesQuery);
  const channels = useQuery(channelsQuery);
  const both = together(policies, channels);
  const known = {
    get policies() {
      return policies.data ?? [];
    },
    get channels() {
      return channels.data ?? [];
    },
  };
  return (
    <div class="page narrow">
      <A href="/alerts/policy" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        All policies
      </A>
      <h1>{props.title}</h1>
      <NoChannelNotice />
      <Answered
        query={both}
        answer={both.isPending ? undefined : policies.data && channels.data}
        waiting={<Skeleton rows={3} height="card" />}
      >
        {() => props.children(known)}
      </Answered>
    </div>
  );
};
