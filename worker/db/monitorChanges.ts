import type { AuditChange } from '../domain/audit.ts';
import type { MonitorRow } from './monitors.ts';
import type { HttpSettings } from './schema.ts';

/** What decides how a monitor is judged. */
const judged = [
  'intervalSeconds',
  'regions',
  'timeoutMs',
  'degradedAboveMs',
  'quorum',
  'confirmations',
  'recoveryConfirmations',
  'degradedConfirmations',
  'confirmationPeriodSeconds',
  'recoveryPeriodSeconds',
  'flappingChanges',
  'flappingWithinMinutes',
] as const satisfies (keyof MonitorRow)[];

const asked = ['method', 'expectedStatus', 'maxRedirects'] as const satisfies (keyof HttpSettings)[];

/** Can hold what is for nobody's eyes: that they changed is told, not to what. */
const untold = ['url', 'bodyContains', 'bodyNotContains'] as const satisfies (keyof HttpSettings)[];

type Given = { [K in keyof MonitorRow]?: MonitorRow[K] | undefined };

/** What a change alters of how a monitor is checked and judged, in the names of the API and without secrets. */
export const judgedChanges = (row: MonitorRow, { settings = row.settings, ...given }: Given): AuditChange[] => [
  ...judged.flatMap((field) => changeOf(field, row[field], given[field] === undefined ? row[field] : given[field])),
  ...asked.flatMap((field) => changeOf(field, row.settings[field], settings[field])),
  ...untold.filter((field) => row.settings[field] !== settings[field]).map((field) => ({ field })),
  ...(given.sealed !== undefined && given.sealed !== row.sealed ? [{ field: 'secrets' }] : []),
];

const changeOf = (field: string, from: unknown, to: unknown): AuditChange[] =>
  JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field, from, to }];
