import { Hono } from 'hono';
import { toIsoTime } from '../../commands/viewFields.ts';
import type { RegionView } from '../../contract/views.ts';
import { hasCronRun, readStandstill } from '../../db/checks/dispatches.ts';
import { listDistrusts } from '../../db/checks/distrusts.ts';
import { type DatabaseStorage, readStorage } from '../../db/operations/storage.ts';
import { defaultRegions, regions as list, type Region, regionNames } from '../../domain/checks/region.ts';
import { cronStartsBy } from '../../domain/checks/schedule.ts';
import { storageLevel, usedPercent } from '../../domain/operations/storage.ts';
import type { Services } from '../../services.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitVisits } from '../http/middleware.ts';

/** Where probes run from, and whether they do. The same for everybody, so nobody needs to sign in. */
export const regions = new Hono<ApiEnv>().use(limitVisits).get('/', async (c) => {
  const { db, d1, config, now } = c.var.services;
  const [distrusts, standstill, storage] = await Promise.all([
    listDistrusts(d1),
    readStandstill(db, now()),
    readStorage(d1),
  ]);
  const startsBy = standstill?.to === null ? await readStart(c.var.services) : null;
  const distrustOf = (id: Region): RegionView['distrusted'] => {
    const found = distrusts.find(({ region }) => region === id);
    if (!found) return null;
    const { since, failing, monitors, references } = found;
    return { since: toIsoTime(since), failing, monitors, references };
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
    standstillSince: standstill?.to === null && startsBy === null ? toIsoTime(standstill.from) : null,
    /** Until when the checks of a new installation start; null once they have, or should have. */
    startsBy: startsBy === null ? null : toIsoTime(startsBy),
    /** How full the database is, as the operator has to know; null before that was measured. */
    storage: storage && toStorageView(storage, config.databaseLimitBytes),
    /** The local start command allows them; a form can say beforehand what would be refused. */
    allowPrivateTargets: config.allowPrivateTargets,
  });
});

/** Until when the first cron may come; null where one has come, or is late. */
const readStart = async ({ db, deployedAt, now }: Services): Promise<number | null> => {
  const startsBy = cronStartsBy(deployedAt);
  return now() <= startsBy && !(await hasCronRun(db)) ? startsBy : null;
};

const toStorageView = ({ sizeBytes, keptSince, droppedForRoom }: DatabaseStorage, limitBytes: number) => ({
  level: storageLevel(sizeBytes, limitBytes),
  usedPercent: usedPercent(sizeBytes, limitBytes),
  limitBytes,
  /** Single checks of before then were deleted; null where none were. */
  checksSince: keptSince > 0 ? toIsoTime(keptSince) : null,
  /** They were deleted early, because the database had no room for them. */
  deletedForRoom: droppedForRoom === 1,
});
