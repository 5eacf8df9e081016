/** Names of earlier versions and their present names: fields anywhere, and values by field. */
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

/** A value of an earlier version, under the present names. */
export const renameOlderFields = (stored: unknown): unknown => {
  if (Array.isArray(stored)) return stored.map(renameOlderFields);
  if (stored === null || typeof stored !== 'object') return stored;
  return Object.fromEntries(
    Object.entries(stored).map(([field, value]) => [fields[field] ?? field, renamedValue(field, value)]),
  );
};

const renamedValue = (field: string, value: unknown) =>
  typeof value === 'string' ? (values[field]?.[value] ?? value) : renameOlderFields(value);
