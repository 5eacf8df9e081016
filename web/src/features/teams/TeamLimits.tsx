import { For, Show } from 'solid-js';
import type { LimitView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { Answered } from '../../ui/Answered.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Until } from '../../ui/Time.tsx';
import { limitsQuery } from './queries.ts';
import './limits.css';

const stateLabels = { free: '', near: 'Near limit', reached: 'Limit reached' };

const share = ({ used, limit }: LimitView) => (limit === 0 ? 100 : Math.min(100, (used / limit) * 100));

/** Rounded up: a fraction of a check per minute is meaningless, and 0 would be wrong. */
const number = (value: number) => Math.ceil(value).toLocaleString('en');

/** The team's use of each limit, and the limit. */
export const TeamLimits = () => {
  const limits = useQuery(limitsQuery);
  const known = () => (limits.isPending ? undefined : limits.data?.data);
  return (
    <section class="panel" aria-labelledby="limits-title">
      <h2 id="limits-title">Team limits</h2>
      <p>
        At a limit, Pharos accepts no more additions, and sends no alerts or e-mails until the limit resets. The
        operator of this Pharos can raise limits.
      </p>
      <Answered query={limits} answer={known()} waiting={<Skeleton rows={12} height="line" />}>
        {(list) => (
          <ul class="limits">
            <For each={list()}>
              {(one) => (
                <li data-state={one.state} data-limit={one.name}>
                  <span class="limit-label">{one.label}</span>
                  <span class="limit-numbers">
                    {number(one.used)} / {number(one.limit)}
                  </span>
                  <span class="limit-bar" aria-hidden="true">
                    <Show when={one.used > 0}>
                      <span style={{ width: `${share(one)}%` }} />
                    </Show>
                  </span>
                  <Show when={one.state !== 'free'}>
                    <span class="limit-state">
                      {stateLabels[one.state]}
                      <Until at={one.resetsAt} />
                    </span>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </Answered>
    </section>
  );
};
