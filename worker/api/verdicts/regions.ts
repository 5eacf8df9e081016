import { Hono } from 'hono';
import { type RegionView, regionsView } from '../../contract/regions.ts';
import { hasCronRun, readStall } from '../../db/checks/dispatches.ts';
import { listDistrusts } from '../../db/checks/distrusts.ts';
import { type DatabaseStorage, readStorage } from '../../db/operations/storage.ts';
import { defaultRegions, regions as list, type Region, regionNames } from '../../domain/checks/region.ts';
import { cronStartsBy } from '../../domain/checks/schedule.ts';
import { storageLevel, usedPercent } from '../../domain/operations/storage.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import type { Services } from '../../services.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitVisits } from '../http/middleware.ts';
import { reply } from '../http/reply.ts';

/** The regions of probes, and their state. The same for everybody, so no session is required. */
export const regions = new Hono<ApiEnv>().use(limitVisits).get('/', async (c) => {
  const { db, d1, config, now } = c.var.services;
  const [distrusts, stall, storage] = await Promise.all([listDistrusts(d1), readStall(db, now()), readStorage(d1)]);
  const startsBy = stall?.to === null ? await readStart(c.var.services) : null;
  const distrustOf = (id: Region): RegionView['distrusted'] => {
    const found = distrusts.find(({ region }) => region === id);
    if (!found) return null;
    const { since, failing, monitors, references } = found;
    return { since: toIsoTime(since), failing, monitors, references };
  };
  return reply(c, regionsView, {
    data: list.map(
      (id): RegionView => ({
        id,
        name: regionNames[id],
        chosenByDefault: defaultRegions.includes(id),
        distrusted: distrustOf(id),
      }),
    ),
    nextCursor: null,
    stalledSince: stall?.to === null && startsBy === null ? toIsoTime(stall.from) : null,
    startsBy: startsBy === null ? null : toIsoTime(startsBy),
    storage: storage && toStorageView(storage, config.databaseLimitBytes),
    allowPrivateTargets: config.allowPrivateTargets,
  });
});

/** Deadline of the first cron run; null where one has run, or is late. */
const readStart = async ({ db, deployedAt, now }: Services): Promise<number | null> => {
  const startsBy = cronStartsBy(deployedAt);
  return now() <= startsBy && !(await hasCronRun(db)) ? startsBy : null;
};

const toStorageView = ({ sizeBytes, keptSince, droppedForRoom }: DatabaseStorage, limitBytes: number) => ({
  level: storageLevel(sizeBytes, limitBytes),
  usedPercent: usedPercent(sizeBytes, limitBytes),
  limitBytes,
  checksSince: keptSince > 0 ? toIsoTime(keptSince) : null,
  deletedForRoom: droppedForRoom === 1,
});
