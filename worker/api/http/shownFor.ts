import { createMiddleware } from 'hono/factory';
import { shownForHeader } from '../../domain/teams/shownFor.ts';
import { PharosError } from '../../errors.ts';
import type { ApiEnv } from './context.ts';

const kindOf = (id: string) => id.slice(0, id.indexOf('_') + 1);

/** Throws `conflict` where a page of one object would change another object of its kind: its data were mixed up. */
export const refuseOtherThanShown = createMiddleware<ApiEnv>(async (c, next) => {
  const shown = c.req.header(shownForHeader);
  if (shown?.includes('_')) {
    // Ids of one kind have the same length; that of a delivery begins with its incident's.
    const isOfKind = (part: string) => part.startsWith(kindOf(shown)) && part.length === shown.length;
    const named = c.req.path.split('/').filter(isOfKind);
    if (named.length > 0 && !named.includes(shown))
      throw new PharosError('conflict', 'The page shows a different object. Reload the page.');
  }
  await next();
});
