import type { PersonView } from '../../../../worker/contract/views.ts';

/** By what is typed of a person is found again after a reload: of one who is being added, or of the version that was read. */
export const personKey = (person: PersonView | null) => `person:${person ? `${person.id}:${person.updatedAt}` : ''}`;
