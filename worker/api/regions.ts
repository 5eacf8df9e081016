import { Hono } from 'hono';
import { defaultRegions, regions as list, regionNames } from '../domain/region.ts';
import type { ApiEnv } from './context.ts';

/** Where probes run from. The same for everybody, so nobody needs to sign in. */
export const regions = new Hono<ApiEnv>().get('/', (c) =>
  c.json({
    data: list.map((id) => ({ id, name: regionNames[id], chosenByDefault: defaultRegions.includes(id) })),
    nextCursor: null,
    /** The local start command allows them; a form can say beforehand what would be refused. */
    allowPrivateTargets: c.var.services.config.allowPrivateTargets,
  }),
);
