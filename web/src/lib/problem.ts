import { utcText } from '../../../worker/domain/time/utcText.ts';
import { exactTime } from './format.ts';

/** The error, from the API's problem documents (RFC 9457) or, without a response, in our own words. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields: { path: string; message: string }[];
  readonly requestId: string | null;

  constructor(
    given: Partial<Pick<Problem, 'status' | 'code' | 'detail' | 'fields' | 'requestId'>> & { title: string },
  ) {
    super(given.title);
    this.name = 'Problem';
    this.status = given.status ?? 0;
    this.code = given.code ?? 'unknown';
    this.detail = given.detail ?? '';
    this.fields = given.fields ?? [];
    this.requestId = given.requestId ?? null;
  }

  /** The message of the field at `path` (dotted), if the API named one. */
  field(path: string): string | undefined {
    return this.fields.find((problem) => problem.path === path)?.message;
  }
}

/** The requested object no longer exists. */
export const isGone = (error: unknown): boolean => error instanceof Problem && error.status === 404;

/** A part of the dashboard did not load: no connection, or a new version has replaced it. The words are the browsers' and Vite's. */
export const isUnloaded = (error: unknown): boolean =>
  error instanceof Error && /dynamically imported module|module script failed|preload CSS/i.test(error.message);

export const asProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (isUnloaded(error))
    return new Problem({
      title: 'The page could not be loaded',
      code: 'unloaded',
      detail: 'You are offline, or Pharos was updated.',
    });
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new Problem({
      title: 'Pharos did not respond in time',
      code: 'timeout',
      detail: 'Try again. If you were saving a change, it may have been saved: check before you save again.',
    });
  if (error instanceof TypeError)
    return new Problem({
      title: 'Pharos could not be reached',
      code: 'offline',
      detail: 'Check your connection and try again.',
    });
  return new Problem({ title: 'Something went wrong in the dashboard', detail: String(error) });
};

/** The API names times in UTC, and gives them beside the message. */
const onReadersClock = ({ path, message, times = [] }: { path: string; message: string; times?: string[] }) => ({
  path,
  message: times.reduce((text, at) => text.replace(utcText(Date.parse(at)), exactTime(at)), message),
});

/** Reads a problem document; an answer that is none (a proxy's error page) is named by its status. */
export const readProblem = async (response: Response): Promise<Problem> => {
  const requestId = response.headers.get('x-request-id');
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'title' in body) {
    const given = body as {
      title: string;
      detail?: string;
      code?: string;
      errors?: (Problem['fields'][number] & { times?: string[] })[];
      requestId?: string;
    };
    return new Problem({
      title: given.title,
      status: response.status,
      code: given.code ?? 'unknown',
      detail: given.detail ?? '',
      fields: (given.errors ?? []).map(onReadersClock),
      requestId: given.requestId ?? requestId,
    });
  }
  return new Problem({
    title: `Pharos responded with ${response.status}`,
    status: response.status,
    detail: 'Try again in a moment.',
    requestId,
  });
};
