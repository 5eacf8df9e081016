import type { StatusPageView } from '../../../../worker/contract/views.ts';
import { createStatusPageSchema } from '../../../../worker/domain/statusPages/statusPage.ts';
import type { StatusPageInput } from '../../app/cache/api.ts';
import { issuesOf } from '../../lib/issues.ts';

/** The contents of the form; `publicNames` keeps the input even for a monitor that is removed from the page. */
export interface StatusPageDraft {
  slug: string;
  name: string;
  monitorIds: string[];
  publicNames: Record<string, string>;
}

export const emptyStatusPage = (): StatusPageDraft => ({ slug: '', name: '', monitorIds: [], publicNames: {} });

export const statusPageDraftOf = (page: StatusPageView): StatusPageDraft => ({
  slug: page.slug,
  name: page.name,
  monitorIds: page.components.map((component) => component.monitorId),
  publicNames: Object.fromEntries(
    page.components.flatMap(({ monitorId, publicName }) => (publicName === null ? [] : [[monitorId, publicName]])),
  ),
});

/** The draft as the API takes it: only names that were typed, and only of monitors on the page. */
export const statusPageInput = (draft: StatusPageDraft): StatusPageInput => ({
  slug: draft.slug.trim(),
  name: draft.name.trim(),
  monitorIds: [...draft.monitorIds],
  publicNames: Object.fromEntries(
    draft.monitorIds.flatMap((id) => {
      const name = draft.publicNames[id]?.trim();
      return name ? [[id, name]] : [];
    }),
  ),
});

export const statusPageProblems = (draft: StatusPageDraft): Record<string, string> =>
  issuesOf(createStatusPageSchema.safeParse(statusPageInput(draft)));
