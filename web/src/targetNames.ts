import type { ChannelView } from '../../worker/api/views.ts';
import type { Target } from '../../worker/domain/escalation/policy.ts';

/** What a target is called, in the middle of a sentence. */
export const targetNames =
  (channels: readonly ChannelView[]) =>
  (target: Target): string => {
    if (target.type === 'onCall') return 'whoever is on call';
    if (target.type === 'person') return 'a person';
    return channels.find(({ id }) => id === target.id)?.name ?? 'a channel that is gone';
  };
