import { type Accessor, createMemo } from 'solid-js';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import type { Target } from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { useQuery } from '../../app/cache/query.ts';
import { peopleQuery, schedulesQuery } from '../onCall/queries.ts';

/** All that a step can notify, and their names: channels, then people, then the person on call of each schedule. */
export const createTargets = (channels: Accessor<ChannelView[]>) => {
  const people = useQuery(peopleQuery);
  const schedules = useQuery(schedulesQuery);
  const found = () => ({
    channel: channels(),
    person: people.isPending ? [] : (people.data ?? []),
    onCall: schedules.isPending ? [] : (schedules.data ?? []),
  });
  // The same objects as before, so that the remaining buttons are kept, and so is the focus.
  const known = createMemo<Target[]>(
    (before) =>
      Object.entries(found()).flatMap(([type, list]) =>
        list.map(({ id }) => before.find((one) => one.type === type && one.id === id) ?? targetOf(type, id)),
      ),
    [],
  );
  const nameOf = ({ type, id }: Target): string => {
    const name = found()[type].find((one) => one.id === id)?.name;
    if (name === undefined) return people.isPending || schedules.isPending ? '…' : goneWords[type];
    if (type === 'channel' && channels().some((one) => one.id === id && one.isGone))
      return `${name} (no longer receives notifications)`;
    return type === 'onCall' ? `the person on call in ${name}` : name;
  };
  return { known, nameOf };
};

const targetOf = (type: string, id: string): Target => ({ type: type as Target['type'], id });

const goneWords: Record<Target['type'], string> = {
  channel: 'a deleted channel',
  person: 'a deleted person',
  onCall: 'a deleted schedule',
};
