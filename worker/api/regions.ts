import { Hono } from 'hono';
import { readStandstill } from '../db/dispatches.ts';
import { listDistrusts } from '../db/distrusts.ts';
import { defaultRegions, regions as list, type Region, regionNames } from '../domain/region.ts';
import type { ApiEnv } from './context.ts';
import { isoTime } from './fields.ts';
import { limitVisits } from './middleware.ts';
import type { RegionView } from './views.ts';

/** Where probes run from, and whether they do. The same for everybody, so nobody needs to sign in. */
export const regions = new Hono<ApiEnv>().use(limitVisits).get('/', async (c) => {
  const { db, d1, config, now } = c.var.services;
  const [distrusts, standstill] = await Promise.all([listDistrusts(d1), readStandstill(db, now())]);
  const distrustOf = (id: Region): RegionView['distrusted'] => {
    const found = distrusts.find(({ region }) => region === id);
    if (!found) return null;
    const { since, failing, monitors, references } = found;
    return { since: isoTime(since), failing, monitors, references };
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
    /** Since when no checks are run from anywhere, by a fault of Pharos itself; null while they are. */
    standstillSince: standstill?.to === null ? isoTime(standstill.from) : null,
    /** The local start command allows them; a form can say beforehand what would be refused. */
    allowPrivateTargets: config.allowPrivateTargets,
  });
});
