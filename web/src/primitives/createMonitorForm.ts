import { createMemo, createSignal } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import { type MonitorDraft, problemsOf } from '../monitorDraft.ts';
import type { Problem } from '../problem.ts';
import { afterPress } from './afterPress.ts';

/**
 * The state of a form over a draft: a field complains once it was left or the form was sent, and stops while it is
 * mended. What the API refused is shown at its field until that field changes.
 */
export const createMonitorForm = (initial: MonitorDraft) => {
  const [draft, setDraft] = createStore(initial);
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const [sent, setSent] = createSignal(false);
  const [refused, setRefused] = createStore<Record<string, string | undefined>>({});
  const problems = createMemo(() => problemsOf(draft));

  const fieldOf = (path: string) => path.split('.')[0] ?? path;
  return {
    draft,
    plain: () => unwrap(draft),
    set: <K extends keyof MonitorDraft>(field: K, value: MonitorDraft[K], path: string = field) => {
      setDraft(field as keyof MonitorDraft, value as never);
      for (const known of Object.keys(refused)) if (fieldOf(known) === fieldOf(path)) setRefused(known, undefined);
    },
    leave: (path: string) => afterPress(() => setLeft(fieldOf(path), true)),
    error: (path: string) => (sent() || left[fieldOf(path)] ? problems()[path] : undefined) ?? refused[path],
    /** What is wrong with a field by now, whether or not it complains yet. */
    problem: (path: string) => problems()[path],
    send: () => setSent(true),
    valid: () => Object.keys(problems()).length === 0,
    /** Returns true where at least one of the API's problems has its place in the form. */
    refuse: (problem: Problem) => {
      for (const { path, message } of problem.fields) {
        const field = fieldOf(path);
        setRefused(field === 'headers' ? path : field, message);
      }
      return problem.fields.length > 0;
    },
  };
};

export type MonitorForm = ReturnType<typeof createMonitorForm>;
