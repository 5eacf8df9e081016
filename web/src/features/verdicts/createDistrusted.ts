import { createMemo } from 'solid-js';
import type { RegionView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { presentRegionsQuery } from './regionQueries.ts';

type DistrustedRegion = RegionView & { distrusted: NonNullable<RegionView['distrusted']> };

/** The regions whose outcomes do not vote at present; none until that is known. */
export const createDistrusted = () => {
  const known = useQuery(presentRegionsQuery);
  const regions = createMemo(() =>
    (known.isSuccess ? known.data.data : []).filter((region): region is DistrustedRegion => region.distrusted !== null),
  );
  const ids = createMemo(() => regions().map(({ id }) => id));
  return { regions, ids };
};
