/** What was answered: its head, and as much of the body as a vendor's answer needs to be understood. */
export interface Answer {
  status: number;
  headers: Pick<Headers, 'get'>;
  body: string;
  /** The body did not come whole. */
  isCut: boolean;
}

/** What became of a message. `transient` may be tried again with the same key, `permanent` will fail each time. */
export interface Judgement {
  state: 'delivered' | 'transient' | 'permanent';
  /** For people: what happened and what to do; null where all is well. */
  problem: string | null;
  /** It quotes the vendor, who may quote a secret. Without that it holds no more of the vendor's text than numbers. */
  quotes: boolean;
  /** Of several mails in one request: which were refused, by their place from 0. The others went as `state` says. */
  refused: { index: number; problem: string }[];
  /** How long the receiver asks to wait, ms; null where it does not. */
  retryAfterMs: number | null;
  /** How often the message may be sent again after this answer, where it may have arrived; null for no limit of its own. */
  repeatsAtMost: number | null;
  /** The receiver has ended for good: nothing will arrive there again. */
  isGone: boolean;
}

/** What a vendor's own judge finds out. */
export type OwnJudgement = Pick<Judgement, 'state' | 'problem'> & Partial<Pick<Judgement, 'refused'>>;

/** One way in which a vendor refuses a message. Of several that match the first counts. */
export interface Refusal {
  /** One of these; left out: those by which a request is refused for good (`isRefused`); `any`: all below 500. */
  status?: number | readonly number[] | 'any';
  /** What the body holds; left out: anything. */
  says?: RegExp;
  /** `permanent` where left out. */
  state?: 'transient' | 'permanent';
  /** One or two sentences: what happened, and what to do. Of the vendor's own text it holds numbers only. */
  problem: string | ((answer: Answer) => string);
  isGone?: boolean;
}

/** What a vendor answers, by its documentation. */
export interface VendorAnswers {
  /** As it is called within a sentence. */
  vendor: string;
  /** The documented answer of success. Asked only about a whole answer of 200 to 299. */
  isDelivered: (answer: Answer) => boolean;
  /** What people see where a message comes twice: nothing new, or the same message again. */
  repeats: 'unseen' | 'seen';
  refusals: readonly Refusal[];
  /** Asked first, where tables do not do; null leaves it to them. What it says may quote the vendor. */
  judge?: (answer: Answer) => OwnJudgement | null;
  /** Where the body says how long to wait: seconds, or a text as in `Retry-After`. */
  waitIn?: (body: Record<string, unknown>) => unknown;
}

/** Statuses of 300 to 499 but those that ask to come again. */
export const isRefused = (status: number): boolean =>
  status >= 300 && status < 500 && ![408, 425, 429].includes(status);

/** The answer as JSON, or null. */
export const jsonOf = ({ body }: Pick<Answer, 'body'>): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

/** A text that is not empty, as most vendors give their message as its id. */
export const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

export const isWebPage = ({ headers, body }: Pick<Answer, 'headers' | 'body'>): boolean =>
  /^\s*text\/html\b/i.test(headers.get('content-type') ?? '') ||
  /^\s*(?:<!doctype html|<html|<head|<body)\b/i.test(body);
