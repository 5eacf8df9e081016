import type { MonitorView } from '../../../../worker/contract/views.ts';
import { defaultRegions, type Region } from '../../../../worker/domain/checks/region.ts';
import { publicHeaders, targetProblem } from '../../../../worker/domain/checks/target.ts';
import { contradictions } from '../../../../worker/domain/monitors/contradictions.ts';
import {
  type CreateMonitorInput,
  createMonitorSchema,
  enterAgain,
} from '../../../../worker/domain/monitors/monitor.ts';
import { isMasked } from '../../lib/masked.ts';
import { numberOf } from '../../lib/number.ts';
import { emptyPolicyDraft, type PolicyDraft, policyDraftOf, policyInputOf } from '../verdicts/policyDraft.ts';

/** What stands in the form: text as it is typed, so that half a number is not lost. */
export interface MonitorDraft extends PolicyDraft {
  name: string;
  url: string;
  method: NonNullable<CreateMonitorInput['method']>;
  headers: { name: string; value: string }[];
  body: string;
  timeoutSeconds: string;
  intervalSeconds: NonNullable<CreateMonitorInput['intervalSeconds']>;
  regions: Region[];
  expectedStatus: string;
  maxRedirects: string;
  bodyContains: string;
  bodyNotContains: string;
  degradedAboveMs: string;
  tags: string[];
  runbookUrl: string;
  /** Ids of monitors. */
  dependsOn: string[];
  /** Empty: that of its tags, or else the default. */
  escalationPolicyId: string;
  severe: boolean;
  challengeCountsAsDown: boolean;
  sendToken: boolean;
}

export const emptyDraft = (): MonitorDraft => ({
  name: '',
  url: '',
  method: 'GET',
  headers: [],
  body: '',
  timeoutSeconds: '10',
  intervalSeconds: 30,
  regions: [...defaultRegions],
  expectedStatus: '200-399',
  maxRedirects: '5',
  bodyContains: '',
  bodyNotContains: '',
  degradedAboveMs: '',
  tags: [],
  runbookUrl: '',
  ...emptyPolicyDraft(),
  dependsOn: [],
  escalationPolicyId: '',
  severe: false,
  challengeCountsAsDown: false,
  sendToken: false,
});

export const draftOf = (monitor: MonitorView): MonitorDraft => ({
  name: monitor.name,
  url: monitor.url,
  method: monitor.method,
  headers: Object.entries(monitor.headers).map(([name, value]) => ({ name, value })),
  body: monitor.body ?? '',
  timeoutSeconds: String(monitor.timeoutMs / 1000),
  intervalSeconds: monitor.intervalSeconds,
  regions: [...monitor.regions],
  expectedStatus: monitor.expectedStatus,
  maxRedirects: String(monitor.maxRedirects),
  bodyContains: monitor.bodyContains ?? '',
  bodyNotContains: monitor.bodyNotContains ?? '',
  degradedAboveMs: monitor.degradedAboveMs === null ? '' : String(monitor.degradedAboveMs),
  tags: [...monitor.tags],
  runbookUrl: monitor.runbookUrl ?? '',
  ...policyDraftOf(monitor),
  dependsOn: [...monitor.dependsOn],
  escalationPolicyId: monitor.escalationPolicyId ?? '',
  severe: monitor.severe,
  challengeCountsAsDown: monitor.challengeCountsAsDown,
  sendToken: monitor.sendToken,
});

/** What may lie in the browser's storage while somebody writes: headers and bodies may hold secrets. */
export const keptMonitor = ({ headers: _headers, body: _body, ...draft }: MonitorDraft): Partial<MonitorDraft> => draft;

const filledRows = (draft: MonitorDraft) => draft.headers.filter((row) => row.name.trim() !== '' || row.value !== '');

/** The draft as the API takes it. An empty name is left out: it then defaults to the host. */
export const inputOf = (draft: MonitorDraft): CreateMonitorInput => ({
  ...(draft.name.trim() === '' ? {} : { name: draft.name }),
  url: draft.url.trim(),
  method: draft.method,
  headers: Object.fromEntries(filledRows(draft).map((row) => [row.name.trim(), row.value])),
  body: draft.body === '' || draft.method === 'GET' || draft.method === 'HEAD' ? null : draft.body,
  timeoutMs: Math.round(numberOf(draft.timeoutSeconds) * 1000),
  intervalSeconds: draft.intervalSeconds,
  regions: [...draft.regions],
  expectedStatus: draft.expectedStatus,
  maxRedirects: numberOf(draft.maxRedirects),
  bodyContains: draft.bodyContains || null,
  bodyNotContains: draft.bodyNotContains || null,
  degradedAboveMs: draft.degradedAboveMs.trim() === '' ? null : numberOf(draft.degradedAboveMs),
  tags: [...draft.tags],
  runbookUrl: draft.runbookUrl.trim() || null,
  ...policyInputOf(draft),
  dependsOn: [...draft.dependsOn],
  escalationPolicyId: draft.escalationPolicyId || null,
  severe: draft.severe,
  challengeCountsAsDown: draft.challengeCountsAsDown,
  sendToken: draft.sendToken,
});

// Whether private targets are allowed is the API's to say: `hostHint` names it before it does.
const schema = createMonitorSchema(true);

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : null);

/** A stored secret stays with the origin that it was entered for. */
const leftBehind = (draft: MonitorDraft, storedUrl: string): Record<string, string> => {
  const origin = originOf(draft.url.trim());
  if (origin === null || origin === originOf(storedUrl)) return {};
  const masked = filledRows(draft).filter(
    ({ name, value }) => isMasked(value) && !publicHeaders.includes(name.trim().toLowerCase()),
  );
  return {
    ...Object.fromEntries(masked.map(({ name }) => [`headers.${name.trim()}`, enterAgain])),
    ...(isMasked(draft.body) && inputOf(draft).body !== null ? { body: enterAgain } : {}),
  };
};

/**
 * What is wrong, by field (`url`, `headers.X-Token`, `headers`), in the words of the schema that the API uses too.
 * `storedUrl` is the address before a change.
 */
export const problemsOf = (draft: MonitorDraft, storedUrl?: string): Record<string, string> => {
  const found: Record<string, string> = storedUrl === undefined ? {} : leftBehind(draft, storedUrl);
  const add = (path: string, message: string) => {
    found[path] ??= message;
  };
  const input = inputOf(draft);
  const result = schema.safeParse(input);
  for (const issue of result.error?.issues ?? []) {
    const [field, ...rest] = issue.path.map(String);
    const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    add(field === 'headers' && rest.length > 0 ? `headers.${rest.join('.')}` : (field ?? ''), message);
  }
  if (Number.isNaN(numberOf(draft.timeoutSeconds))) found.timeoutMs = 'Enter a number of seconds, such as 10.';
  if (Number.isNaN(input.quorum)) found.quorum = 'Enter a number of regions, such as 2.';
  // Rules across fields run only once every field is well-formed; address and contradictions should not have to wait.
  const target = draft.url.trim() === '' ? null : targetProblem(draft.url.trim(), true);
  if (target) add('url', target.message);
  for (const { path, message } of contradictions(input)) add(path, message);
  const names = filledRows(draft).map((row) => row.name.trim().toLowerCase());
  if (names.includes('')) add('headers', 'Enter a name for every header, or remove its row.');
  if (new Set(names).size < names.length) add('headers', 'Two headers have the same name.');
  return found;
};

/** Says beforehand what the API will refuse about where the host lies. */
export const hostHint = (url: string): string | undefined => {
  const text = url.trim();
  if (text === '' || targetProblem(text, true)) return undefined;
  return targetProblem(text, false)?.message;
};
