import { For } from 'solid-js';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { createDistrusted } from '../../primitives/createDistrusted.ts';
import { guarded } from '../guarded.tsx';
import { Notice } from '../Notice.tsx';
import { Clock } from '../Time.tsx';

/** Says which of these regions are distrusted at present, and what that means. */
export const DistrustNotice = guarded((props: { regions: readonly Region[] }) => {
  const distrusted = createDistrusted();
  return (
    <div role="status">
      <For each={distrusted.regions().filter(({ id }) => props.regions.includes(id))}>
        {({ name, distrusted }) => (
          <Notice>
            <strong>
              {name} is distrusted since <Clock at={distrusted.since} />:
            </strong>{' '}
            {distrusted.references
              ? `${distrusted.references.failing} of ${distrusted.references.count} reference targets did not answer there and did elsewhere.`
              : `${distrusted.failing} of ${distrusted.monitors} monitors failed there and passed elsewhere.`}{' '}
            This is a problem of Pharos, not of your monitors: results from this region do not count until it recovers.
          </Notice>
        )}
      </For>
    </div>
  );
});
