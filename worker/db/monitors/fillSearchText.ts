import { isNull, sql } from 'drizzle-orm';
import { searchTextOf } from '../../domain/fields/searchText.ts';
import type { Services } from '../../services.ts';
import { monitors } from '../schema.ts';

/** So that a large database is done within minutes, and no minute does much. */
const perMinute = 500;

/** Fills in the search text for monitors of older versions; costs one read of an empty index once all have it. */
export const fillSearchText = async ({ db }: Services): Promise<void> => {
  const rows = await db
    .select({ number: monitors.number, name: monitors.name, address: monitors.address })
    .from(monitors)
    .where(isNull(monitors.searchText))
    .orderBy(monitors.number)
    .limit(perMinute);
  if (rows.length === 0) return;
  const texts = rows.map(({ number, name, address }) => [number, searchTextOf({ name, address })]);
  await db.run(
    sql`UPDATE monitors SET search_text = filled.value ->> 1 FROM json_each(${JSON.stringify(texts)}) AS filled
        WHERE monitors.number = filled.value ->> 0 AND monitors.search_text IS NULL`,
  );
};
