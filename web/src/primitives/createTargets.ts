import type { Accessor } from 'solid-js';
import type { ChannelView } from '../../../worker/api/views.ts';
import type { Target } from '../../../worker/domain/escalation/policy.ts';
import { peopleQuery, schedulesQuery } from '../queries.ts';
import { useQuery } from './query.ts';

/** All that a step can tell, and how it is called: channels, then people, then whoever is on call. */
export const createTargets = (channels: Accessor<ChannelView[]>) => {
  const people = useQuery(peopleQuery);
  const schedules = useQuery(schedulesQuery);
  const found = () => ({
    channel: channels(),
    person: people.isPending ? [] : (people.data ?? []),
    onCall: schedules.isPending ? [] : (schedules.data ?? []),
  });
  const known = (): Target[] =>
    Object.entries(found()).flatMap(([type, list]) => list.map(({ id }) => ({ type: type as Target['type'], id })));
  const nameOf = ({ type, id }: Target): string => {
    const name = found()[type].find((one) => one.id === id)?.name;
    if (name === undefined) return people.isPending || schedules.isPending ? '…' : goneWords[type];
    return type === 'onCall' ? `whoever is on call in ${name}` : name;
  };
  return { known, nameOf };
};

const goneWords: Record<Target['type'], string> = {
  channel: 'a channel that is gone',
  person: 'a person who is gone',
  onCall: 'a schedule that is gone',
};
