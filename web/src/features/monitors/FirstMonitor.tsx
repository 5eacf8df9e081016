import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { definitionOf, suggestKind } from '../../../../worker/checks/kinds/kind.ts';
import { api } from '../../app/cache/api.ts';
import { Field } from '../../ui/Field.tsx';
import { Logo } from '../../ui/Logo.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { rememberNewMonitor } from './queries.ts';
import '../../ui/styles/first.css';

/** The empty list: one field is enough to begin. The API is the authority on what can be watched. */
export const FirstMonitor = () => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [url, setUrl] = createSignal('');
  const add = createAction(async () => {
    const monitor = await api.createMonitor(suggestKind(url()));
    rememberNewMonitor(client, monitor);
    navigate(`/monitors/${monitor.id}`);
  });
  let input: HTMLInputElement | undefined;
  const error = () => add.problem()?.field(`settings.${definitionOf(suggestKind(url()).kind).form.first}`);
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    await add.run();
    if (add.problem()) input?.focus();
  };
  return (
    <form class="first" onSubmit={onSubmit} noValidate>
      <Logo size={72} />
      <h2>Monitor your first site</h2>
      <p>
        Enter its address. Pharos checks it every 30 seconds from three continents and shows the first results at once.
      </p>
      <div class="first-field">
        <Field label="Address to monitor" error={error()}>
          {(control) => (
            <input
              {...control}
              ref={input}
              type="text"
              name="url"
              inputmode="url"
              autocomplete="url"
              autocapitalize="none"
              spellcheck={false}
              placeholder="example.com"
              value={url()}
              onInput={(event) => {
                add.dismiss();
                setUrl(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <button type="submit" class="button primary" disabled={add.pending()}>
          {add.pending() ? 'Creating…' : 'Create monitor'}
        </button>
      </div>
      <Show when={!error() && add.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
    </form>
  );
};
