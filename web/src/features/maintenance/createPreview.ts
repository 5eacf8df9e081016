import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import { useQuery } from '../../app/cache/query.ts';
import { Problem } from '../../lib/problem.ts';
import { type MaintenanceDraft, maintenanceProblems, timesOf } from './maintenanceDraft.ts';
import { maintenancePreviewQuery } from './queries.ts';

const pauseMs = 400;

/**
 * What comes of the times in a draft, asked of the API once nobody has typed for a moment. `field` is its complaint
 * about a field, which holds until the times are others.
 */
export const createPreview = (draft: MaintenanceDraft) => {
  const times = createMemo(() => timesOf(draft));
  const complete = createMemo(() => {
    const { startsAt, endsAt, rrule } = maintenanceProblems(draft);
    return !startsAt && !endsAt && !rrule;
  });
  const [asked, setAsked] = createSignal(times());
  createEffect(() => {
    const next = times();
    const timer = window.setTimeout(() => setAsked(next), pauseMs);
    onCleanup(() => window.clearTimeout(timer));
  });
  const isCurrent = () => complete() && JSON.stringify(asked()) === JSON.stringify(times());
  const query = useQuery(() => ({
    ...maintenancePreviewQuery(asked()),
    enabled: isCurrent(),
    placeholderData: (before) => before,
  }));
  const problem = () => (isCurrent() && query.isError && query.error instanceof Problem ? query.error : null);
  return {
    occurrences: () => (complete() && !query.isPending && !query.isError ? (query.data?.occurrences ?? []) : []),
    problem,
    field: (path: string) => problem()?.field(path),
  };
};

export type Preview = ReturnType<typeof createPreview>;
