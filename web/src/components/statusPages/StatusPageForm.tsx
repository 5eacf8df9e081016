import { A } from '@solidjs/router';
import { createMemo, createSignal, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { StatusPageInput } from '../../api.ts';
import { afterPress } from '../../primitives/afterPress.ts';
import { createAction } from '../../primitives/createAction.ts';
import { monitorsQuery } from '../../queries.ts';
import { type StatusPageDraft, slugOf, statusPageInput, statusPageProblems } from '../../statusPageDraft.ts';
import { Field } from '../Field.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { ComponentPicker } from './ComponentPicker.tsx';
import '../../styles/form.css';
import { useInfiniteQuery } from '../../primitives/query.ts';

/** Creates or changes a status page. While the address was not typed, it follows the name. */
export const StatusPageForm = (props: {
  initial: StatusPageDraft;
  button: string;
  save: (input: StatusPageInput) => Promise<unknown>;
}) => {
  const [draft, setDraft] = createStore(props.initial);
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const [slugTyped, setSlugTyped] = createSignal(props.initial.slug !== '');
  const problems = createMemo(() => statusPageProblems(draft));
  const monitors = useInfiniteQuery(() => monitorsQuery({}));
  const known = () => (monitors.isPending ? [] : (monitors.data?.pages.flatMap((page) => page.data) ?? []));
  const save = createAction((input: StatusPageInput) => props.save(input));
  const error = (path: string) =>
    (left[path] || left.all ? problems()[path] : undefined) ?? save.problem()?.field(path);
  let element: HTMLFormElement | undefined;

  const change = (part: Partial<StatusPageDraft>) => {
    save.dismiss();
    setDraft(part);
  };
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    setLeft('all', true);
    if (Object.keys(problems()).length > 0) return focusFirstInvalid();
    await save.run(statusPageInput(unwrap(draft)));
    if (save.problem()) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <Field label="Name" error={error('name')} hint="The heading of the page.">
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            value={draft.name}
            onInput={(event) => {
              const name = event.currentTarget.value;
              change(slugTyped() ? { name } : { name, slug: slugOf(name) });
            }}
            onBlur={() => afterPress(() => setLeft('name', true))}
          />
        )}
      </Field>
      <Field label="Address" error={error('slug')} hint={`${location.origin}/status/${draft.slug || '…'}`}>
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={draft.slug}
            onInput={(event) => {
              setSlugTyped(true);
              change({ slug: event.currentTarget.value });
            }}
            onBlur={() => afterPress(() => setLeft('slug', true))}
          />
        )}
      </Field>
      <ComponentPicker
        monitors={known()}
        chosen={draft.monitorIds}
        publicNames={draft.publicNames}
        error={error('monitorIds')}
        nameError={(id) => error(`publicNames.${id}`)}
        onChoose={(monitorIds) => change({ monitorIds })}
        onName={(id, name) => {
          save.dismiss();
          setDraft('publicNames', id, name);
          setLeft(`publicNames.${id}`, true);
        }}
      />
      <Show when={monitors.hasNextPage}>
        <button type="button" class="button small" onClick={() => void monitors.fetchNextPage()}>
          Show more monitors
        </button>
      </Show>
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.button}
        </button>
        <A href="/status-pages" class="button">
          Cancel
        </A>
      </div>
    </form>
  );
};
