import { expect, test } from 'vitest';
import { exactTime } from '../../../web/src/lib/format.ts';
import { readProblem } from '../../../web/src/lib/problem.ts';
import { overlapProblem } from '../../../worker/domain/history/reclassification.ts';

const answer = (errors: object[]) =>
  readProblem(Response.json({ title: 'Conflict', code: 'conflict', errors }, { status: 409 }));

test('times that a problem names in UTC are read on the clock of the reader', async () => {
  const [from, to] = ['2026-07-21T12:00:05.250Z', '2026-07-21T13:30:00.000Z'];
  const span = { from: Date.parse(from), to: Date.parse(to) };
  const other = { ...span, id: 'rcl_1', as: 'maintenance', reason: 'Moved to 2026-07-22 12:00:00 UTC' } as const;
  const { fields } = await answer([overlapProblem(span, other)]);
  const message =
    `Overlaps a reclassification as maintenance from ${exactTime(from)} to ${exactTime(to)} ` +
    '(“Moved to 2026-07-22 12:00:00 UTC”). Undo that one first, or choose another period.';
  expect(fields).toEqual([{ path: 'from', message }]);
});

test('a problem without times is read as it is', async () => {
  const field = { path: 'to', message: 'The end is before the start.' };
  expect((await answer([field])).fields).toEqual([field]);
});
