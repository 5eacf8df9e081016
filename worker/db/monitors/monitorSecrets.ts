import { seal, unseal } from '../../crypto/seal.ts';
import { publicHeaders } from '../../domain/checks/target.ts';
import { enterAgain, maskedSecret } from '../../domain/monitors/monitor.ts';
import { type FieldProblem, PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';

/** What `monitors.sealed` holds, as JSON. */
export interface Secrets {
  headers: Record<string, string>;
  body: string | null;
}

export const noSecrets: Secrets = { headers: {}, body: null };

/** The columns that say what is sealed. */
export interface SealedColumns {
  headerNames: string[];
  hasBody: boolean;
  sealed: string | null;
}

export const sealSecrets = async (
  { config }: Services,
  monitorId: string,
  { headers, body }: Secrets,
): Promise<SealedColumns> => {
  const headerNames = Object.keys(headers);
  const hasBody = body !== null;
  const isEmpty = headerNames.length === 0 && !hasBody;
  const sealed = isEmpty ? null : await seal(config.encryptionKey, monitorId, JSON.stringify({ headers, body }));
  return { headerNames, hasBody, sealed };
};

/** Throws where the stored text does not open (crypto/seal.ts). */
export const openSecrets = async (
  { config }: Services,
  monitor: { id: string; sealed: string | null },
): Promise<Secrets> =>
  monitor.sealed === null
    ? noSecrets
    : (JSON.parse(await unseal(config.encryptionKey, monitor.id, monitor.sealed)) as Secrets);

/**
 * The secrets after a change: a masked value keeps the stored one, and what is not given stays. `moves`: requests go to
 * another origin now, and whoever named it must not be sent the secrets of the one before.
 * Throws `invalid_request` with a problem per field where nothing is stored to keep, where what is stored may not be kept,
 * or a header cannot be sent.
 */
export const mergeSecrets = (stored: Secrets, given: Partial<Secrets>, moves: boolean): Secrets => {
  const problems: FieldProblem[] = [];
  const kept = Object.fromEntries(Object.keys(stored.headers).map((name) => [name, maskedSecret]));
  const headers = mergeHeaders(stored.headers, given.headers ?? kept, moves, problems);
  const body = mergeBody(stored.body, given.body, moves, problems);
  if (problems.length > 0) throw new PharosError('invalid_request', 'Some fields are invalid.', problems);
  return { headers, body };
};

const mergeHeaders = (
  stored: Secrets['headers'],
  given: Secrets['headers'],
  moves: boolean,
  problems: FieldProblem[],
) => {
  const storedByKey = new Map(Object.entries(stored).map(([name, value]) => [name.toLowerCase(), value]));
  const seen = new Set<string>();
  const merged = Object.entries(given).map(([name, value]) => {
    const key = name.toLowerCase();
    const kept = value === maskedSecret ? storedByKey.get(key) : value;
    const staysBehind = moves && value === maskedSecret && kept !== undefined && !publicHeaders.includes(key);
    const problem = seen.has(key) ? 'This header occurs twice.' : staysBehind ? enterAgain : headerProblem(kept);
    if (problem) problems.push({ path: `headers.${name}`, message: problem });
    seen.add(key);
    return [name, kept ?? ''] as const;
  });
  return Object.fromEntries(merged);
};

const headerProblem = (value: string | undefined) => {
  if (value === undefined) return 'No value is stored for this header yet. Enter one.';
  // Beyond Latin-1 `fetch` refuses a header. https://fetch.spec.whatwg.org/#headers-class (ByteString)
  return [...value].some((character) => character > '\u00ff')
    ? 'A header value can contain only Latin letters, digits and punctuation; encode other characters.'
    : null;
};

const mergeBody = (
  stored: string | null,
  given: string | null | undefined,
  moves: boolean,
  problems: FieldProblem[],
) => {
  if (given !== undefined && given !== maskedSecret) return given || null;
  if (stored !== null && moves) problems.push({ path: 'body', message: enterAgain });
  if (stored === null && given === maskedSecret)
    problems.push({ path: 'body', message: 'No body is stored yet. Enter one.' });
  return stored;
};
