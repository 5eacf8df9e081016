import { Hono } from 'hono';
import { listDistrusts } from '../db/distrusts.ts';
import { defaultRegions, regions as list, type Region, regionNames } from '../domain/region.ts';
import type { ApiEnv } from './context.ts';
import type { RegionView } from './views.ts';

/** Where probes run from. The same for everybody, so nobody needs to sign in. */
export const regions = new Hono<ApiEnv>().get('/', async (c) => {
  const { d1, config } = c.var.services;
  const distrusts = await listDistrusts(d1);
  const distrustOf = (id: Region): RegionView['distrusted'] => {
    const found = distrusts.find(({ region }) => region === id);
    return found
      ? { since: new Date(found.since).toISOString(), failing: found.failing, monitors: found.monitors }
      : null;
  };
  return c.json({
    data: list.map(
      (id): RegionView => ({
        id,
        name: regionNames[id],
        chosenByDefault: defaultRegions.includes(id),
        distrusted: distrustOf(id),
      }),
    ),
    nextCursor: null,
    /** The local start command allows them; a form can say beforehand what would be refused. */
    allowPrivateTargets: config.allowPrivateTargets,
  });
});
