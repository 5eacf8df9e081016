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
    <div role="status" class="stall" data-testid="storage">
      <Show when={shown()}>
        {(found) => (
          <Notice>
            <strong>
              The database is {found().usedPercent} % full
              {found().level === 'full' ? ', and new check results may be lost:' : ':'}
            </strong>{' '}
            outages are still detected.{' '}
            <Show
              when={found().deletedForRoom && found().checksSince}
              fallback={<>At 80 %, Pharos starts to delete the oldest check results. </>}
            >
              {(at) => (
                <>
                  Check results from before <Clock at={at()} /> were deleted to make room.{' '}
                </>
              )}
            </Show>
            Uptime, status changes and incidents are kept. The operator can shorten the retention of check results (
            <code>TICK_DAYS</code>
            ), or reduce the number of monitors.
          </Notice>
        )}
      </Show>
    </div>
  );
});
