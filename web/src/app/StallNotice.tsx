import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, on, Show } from 'solid-js';
import { presentRegionsQuery } from '../features/verdicts/regionQueries.ts';
import { guarded } from '../ui/guarded.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Clock } from '../ui/Time.tsx';
import { useQuery } from './cache/query.ts';
import { refetchVerdicts } from './live/stall.ts';

/**
 * Shows that Pharos itself has stalled, or has not started yet. No event reports that, so it is polled, and with it the data on
 * screen.
 */
export const StallNotice = guarded(() => {
  const client = useQueryClient();
  const regions = useQuery(presentRegionsQuery);
  const since = createMemo(() => (regions.isSuccess ? regions.data.stalledSince : undefined));
  const startsBy = createMemo(() => (regions.isSuccess ? regions.data.startsBy : undefined));
  createEffect(on(since, (_, before) => before !== undefined && refetchVerdicts(client), { defer: true }));
  return (
    <div role="status" class="stall">
      <Show when={startsBy()}>
        {(at) => (
          <Notice>
            <strong>This Pharos is new and has not started its checks yet.</strong> Cloudflare starts the schedule of a
            new installation within 15 minutes, at <Clock at={at()} /> at the latest. Until then, Pharos checks a new
            monitor once, when you create it.
          </Notice>
        )}
      </Show>
      <Show when={since()}>
        {(at) => (
          <Notice>
            <strong>
              Pharos has run no checks since <Clock at={at()} />:
            </strong>{' '}
            until checks resume, the status of your monitors is unknown, outages go undetected, and this time does not
            count towards uptime. This is a problem of Pharos, not of your monitors. The operator finds details at{' '}
            <code>/healthz</code>.
          </Notice>
        )}
      </Show>
    </div>
  );
});
