/** Names that earlier versions stored, by the names of today: of fields wherever they are, and of values by their field. */
const fields: Record<string, string> = {
  told: 'notified',
  tellDependents: 'notifyDependents',
  tellAcknowledgement: 'notifyOnAcknowledgement',
  story: 'dedupKey',
  withheld: 'suppressed',
  lesser: 'advisory',
  heardAt: 'lastSeenAt',
  lastHeardAt: 'lastSeenAt',
  isSilent: 'isStale',
  silentSince: 'staleSince',
  facts: 'timelineEvents',
  lookUpstream: 'refreshUpstream',
};
const values: Record<string, Record<string, string>> = {
  targets: { told: 'notified', keepers: 'stateful' },
  type: { withheld: 'suppressed' },
  state: { passing: 'transient', 'left-out': 'suppressed' },
  ignored: { silent: 'stale', 'never-heard': 'never-seen' },
};

/** What an earlier version stored, under the names of today. */
export const renameOlderFields = (stored: unknown): unknown => {
  if (Array.isArray(stored)) return stored.map(renameOlderFields);
  if (stored === null || typeof stored !== 'object') return stored;
  return Object.fromEntries(
    Object.entries(stored).map(([field, value]) => [fields[field] ?? field, renamedValue(field, value)]),
  );
};

const renamedValue = (field: string, value: unknown) =>
  typeof value === 'string' ? (values[field]?.[value] ?? value) : renameOlderFields(value);
