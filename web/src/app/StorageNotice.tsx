import { createMemo, Show } from 'solid-js';
import { meQuery } from '../features/teams/queries.ts';
import { presentRegionsQuery } from '../features/verdicts/regionQueries.ts';
import { guarded } from '../ui/guarded.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Clock } from '../ui/Time.tsx';
import { useQuery } from './cache/query.ts';

/**
 * Says that the database is nearly full: to the owner of the first team, who runs this installation, and once it is full
 * to everybody, whose checks are no longer stored then.
 */
export const StorageNotice = guarded(() => {
  const regions = useQuery(presentRegionsQuery);
  const storage = createMemo(() => (regions.isSuccess ? regions.data.storage : null));
  const me = useQuery(() => ({ ...meQuery(), enabled: storage()?.level === 'warning' }));
  const isOperator = () => me.isSuccess && me.data.team.isFirst === true && me.data.team.role === 'owner';
  const shown = () => {
    const found = storage();
    return found?.level === 'full' || (found?.level === 'warning' && isOperator()) ? found : null;
  };
  return (
    <div role="status" class="standstill" data-testid="storage">
      <Show when={shown()}>
        {(found) => (
          <Notice>
            <strong>
              The database is {found().usedPercent} % full
              {found().level === 'full' ? ', and new checks may not be stored:' : ':'}
            </strong>{' '}
            outages are still noticed.{' '}
            <Show
              when={found().deletedForRoom && found().checksSince}
              fallback={<>At 80 % Pharos deletes the oldest single checks first. </>}
            >
              {(at) => (
                <>
                  Single checks from before <Clock at={at()} /> were deleted to make room.{' '}
                </>
              )}
            </Show>
            Uptime, verdicts and incidents are kept. The operator can keep checks for fewer days (<code>TICK_DAYS</code>
            ), or check fewer monitors.
          </Notice>
        )}
      </Show>
    </div>
  );
});
