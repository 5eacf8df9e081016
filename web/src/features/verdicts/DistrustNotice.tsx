import { For } from 'solid-js';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Clock } from '../../ui/Time.tsx';
import { createDistrusted } from './createDistrusted.ts';

/** Says which of these regions are distrusted at present, and what that means. */
export const DistrustNotice = guarded((props: { regions: readonly Region[] }) => {
  const distrusted = createDistrusted();
  return (
    <div role="status">
      <For each={distrusted.regions().filter(({ id }) => props.regions.includes(id))}>
        {({ name, distrusted }) => (
          <Notice>
            <strong>
              {name} has been distrusted since <Clock at={distrusted.since} />:
            </strong>{' '}
            {distrusted.references
              ? `${distrusted.references.failing} of ${distrusted.references.count} reference targets failed from this region and passed elsewhere.`
              : `${distrusted.failing} of ${distrusted.monitors} monitors failed from this region and passed elsewhere.`}{' '}
            This is a problem of Pharos, not of your monitors: results from this region do not count until it recovers.
          </Notice>
        )}
      </For>
    </div>
  );
});
