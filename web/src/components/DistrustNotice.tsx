import { For } from 'solid-js';
import type { Region } from '../../../worker/domain/region.ts';
import { useQuery } from '../primitives/query.ts';
import { regionsQuery } from '../queries.ts';
import { Notice } from './Notice.tsx';
import { Clock } from './Time.tsx';

/** Says which of these regions are distrusted at present, and what that means. */
export const DistrustNotice = (props: { regions: readonly Region[] }) => {
  const known = useQuery(() => ({ ...regionsQuery(), staleTime: 30_000, refetchInterval: 60_000 }));
  const distrusted = () =>
    (known.isSuccess ? known.data.data : []).flatMap(({ id, name, distrusted }) =>
      distrusted && props.regions.includes(id) ? [{ name, ...distrusted }] : [],
    );
  return (
    <div role="status">
      <For each={distrusted()}>
        {(region) => (
          <Notice>
            <strong>
              {region.name} is distrusted since <Clock at={region.since} />:
            </strong>{' '}
            {region.failing} of {region.monitors} monitors failed there and passed elsewhere. This is a problem of
            Pharos, not of your monitors: what it sees from there does not count until it recovers.
          </Notice>
        )}
      </For>
    </div>
  );
};
