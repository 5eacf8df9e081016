export const accountKey = 'pharos-account';

const stored = (): string | null => {
  try {
    return localStorage.getItem(accountKey);
  } catch {
    return null;
  }
};

let known = stored();

/** Id of the user signed in at this browser, as far as this page knows: drafts are kept for nobody else. */
export const knownAccount = (): string => known ?? '';

export const accountBegan = (id: string): void => {
  known = id;
  try {
    localStorage.setItem(accountKey, id);
  } catch {
    // Without storage nothing is kept that another could find.
  }
};
