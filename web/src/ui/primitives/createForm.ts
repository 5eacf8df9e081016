import { createMemo, createSignal } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import { afterPress } from './afterPress.ts';
import { createAction } from './createAction.ts';
import { createDraft } from './createDraft.ts';

/** Errors by the API's path (`steps.1.afterSeconds`). */
export type Problems = Record<string, string>;

/** `isPartial`: something was typed as well that must not lie in the browser's storage. */
interface Kept<Draft> {
  typed: Partial<Draft>;
  isPartial: boolean;
}

interface FormOptions<Draft, Input> {
  initial: Draft;
  /**
   * By what is typed is found again after a reload. It belongs to what was read, so of what is changed the key names the
   * version too: over somebody else's change it is not brought back.
   */
  draftKey?: string | (() => string);
  /** The part of a draft that may be stored in the browser: without secrets. */
  keepable?: (draft: Draft) => Partial<Draft>;
  /** The stored draft, with the rest as it is in the database. */
  complete?: (initial: Draft, kept: Partial<Draft>) => Draft;
  problems: (draft: Draft) => Problems;
  /** In the form of the API. */
  input: (draft: Draft) => Input;
  save: (input: Input) => Promise<unknown>;
  /** Something was typed, now or before a reload. */
  onTouch?: () => void;
}

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** For lists, the API and the schemas name the item; the error belongs to the field of the list. */
const isOf = (path: string, field: string) =>
  path === field || (path.startsWith(`${field}.`) && /^\d+$/.test(path.slice(field.length + 1)));

const isWithin = (path: string, field: string) => path === field || path.startsWith(`${field}.`);

const focusFirstInvalid = (element: HTMLElement) => {
  const invalid = element.querySelector<HTMLElement>('[aria-invalid="true"]');
  const details = invalid?.closest('details');
  if (details) details.open = true;
  invalid?.focus();
};

/**
 * A form over a draft: a field complains once it was left or the form was sent, and stops while it is mended. What the
 * API refused is shown until something is changed.
 */
export const createForm = <Draft extends object, Input>(options: FormOptions<Draft, Input>) => {
  const { draftKey, keepable = (draft) => draft } = options;
  const initial = copyOf(options.initial);
  const complete = options.complete ?? ((all: Draft, kept: Partial<Draft>) => ({ ...all, ...kept }));
  const [kept, keep] =
    draftKey === undefined ? createSignal<Kept<Draft> | null>(null) : createDraft<Kept<Draft>>(draftKey);
  const [again, setAgain] = createSignal(kept());
  const [draft, setDraft] = createStore<Draft>(copyOf(complete(initial, again()?.typed ?? {})));
  if (again()) options.onTouch?.();
  const [left, setLeft] = createSignal<readonly string[]>([]);
  const [sent, setSent] = createSignal(false);
  const problems = createMemo(() => options.problems(draft));
  const forget = () => {
    keep(null);
    setAgain(null);
  };
  const save = createAction(async (input: Input) => {
    await options.save(input);
    forget();
  });
  const messageAt = (path: string, all: readonly { path: string; message: string }[]) =>
    all.find((one) => isOf(one.path, path))?.message;
  const problem = (path: string) => {
    const found = Object.entries(problems()).map(([at, message]) => ({ path: at, message }));
    return messageAt(path, found);
  };
  return {
    draft,
    /** As it stands, without the store around it. */
    plain: () => unwrap(draft),
    /** The present error of a field, whether it is shown yet or not. */
    problem,
    isValid: () => Object.keys(problems()).length === 0,
    firstProblem: () => Object.values(problems())[0],
    error: (path: string) =>
      (sent() || left().some((field) => isWithin(path, field)) ? problem(path) : undefined) ??
      messageAt(path, save.problem()?.fields ?? []),
    leave: (path: string) => afterPress(() => setLeft((fields) => [...new Set([...fields, path])])),
    change: (part: Partial<Draft>) => {
      save.dismiss();
      options.onTouch?.();
      setDraft(part as Draft);
      const plain = unwrap(draft);
      const typed = keepable(plain);
      keep({ typed, isPartial: JSON.stringify(complete(initial, typed)) !== JSON.stringify(plain) });
    },
    /** The restored input from before a reload. */
    again,
    forget,
    startOver: () => {
      save.dismiss();
      forget();
      setDraft(copyOf(initial));
    },
    pending: save.pending,
    refused: save.problem,
    submit: async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
      event.preventDefault();
      const element = event.currentTarget;
      setSent(true);
      if (Object.keys(problems()).length > 0) return focusFirstInvalid(element);
      await save.run(options.input(unwrap(draft)));
      if (save.problem()) focusFirstInvalid(element);
    },
  };
};

/** The part of the form that a field needs. */
export type FieldsOf<Draft extends object> = Pick<
  ReturnType<typeof createForm<Draft, never>>,
  'draft' | 'change' | 'error' | 'leave' | 'problem'
>;

/** The part of the form around the fields. */
export type FormFrame = Pick<
  ReturnType<typeof createForm<object, never>>,
  'again' | 'startOver' | 'forget' | 'pending' | 'refused' | 'submit'
>;
