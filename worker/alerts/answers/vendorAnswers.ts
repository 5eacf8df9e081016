/** A response: its head, and as much of the body as judging a vendor's response needs. */
export interface Answer {
  status: number;
  headers: Pick<Headers, 'get'>;
  body: string;
  /** The body is incomplete. */
  isCut: boolean;
}

/** Result of a message. `transient` may be retried with the same key, `permanent` will fail each time. */
export interface Judgement {
  state: 'delivered' | 'transient' | 'permanent';
  /** For people: what happened and how to fix it; null on success. */
  problem: string | null;
  /** It quotes the vendor, who may quote a secret. Otherwise it contains no text of the vendor except numbers. */
  quotes: boolean;
  /** Of several mails in one request: the refused ones, by their index. The others have the state `state`. */
  refused: { index: number; problem: string }[];
  /** Retry delay that the receiver asks for, ms; null for none. */
  retryAfterMs: number | null;
  /** How often the message may be sent again after this response, if it may have arrived; null for no limit of its own. */
  repeatsAtMost: number | null;
  /** The receiver has ended permanently: nothing will arrive there again. */
  isGone: boolean;
}

/** Result of a vendor's own judge. */
export type OwnJudgement = Pick<Judgement, 'state' | 'problem'> & Partial<Pick<Judgement, 'refused'>>;

/** One way in which a vendor refuses a message. The first match counts. */
export interface Refusal {
  /** One of these; omitted: those that refuse a request permanently (`isRefused`); `any`: all below 500. */
  status?: number | readonly number[] | 'any';
  /** Pattern in the body; omitted: any body. */
  says?: RegExp;
  /** Defaults to `permanent`. */
  state?: 'transient' | 'permanent';
  /** One or two sentences: what happened, and how to fix it. Contains only numbers of the vendor's own text. */
  problem: string | ((answer: Answer) => string);
  isGone?: boolean;
}

/** The responses of a vendor, by its documentation. */
export interface VendorAnswers {
  /** Name of the vendor within a sentence. */
  vendor: string;
  /** The documented response of success. Asked only about a complete response of 200 to 299. */
  isDelivered: (answer: Answer) => boolean;
  /** Effect of a duplicate on people: none, or the same message again. */
  repeats: 'unseen' | 'seen';
  refusals: readonly Refusal[];
  /** Asked first, where tables are not enough; null falls back to them. Its text may quote the vendor. */
  judge?: (answer: Answer) => OwnJudgement | null;
  /** Where the body contains the retry delay: seconds, or a text as in `Retry-After`. */
  waitIn?: (body: Record<string, unknown>) => unknown;
}

/** Statuses of 300 to 499 except those that ask for a retry. */
export const isRefused = (status: number): boolean =>
  status >= 300 && status < 500 && ![408, 425, 429].includes(status);

/** The response as JSON, or null. */
export const jsonOf = ({ body }: Pick<Answer, 'body'>): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

/** A non-empty text: most vendors return the id of the message. */
export const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

export const isWebPage = ({ headers, body }: Pick<Answer, 'headers' | 'body'>): boolean =>
  /^\s*text\/html\b/i.test(headers.get('content-type') ?? '') ||
  /^\s*(?:<!doctype html|<html|<head|<body)\b/i.test(body);
