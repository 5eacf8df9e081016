import ExternalLink from 'lucide-solid/icons/external-link';
import { Show } from 'solid-js';

/** A link to the runbook; nothing where the monitor has none. */
export const RunbookLink = (props: { url: string | null }) => (
  <Show when={props.url}>
    {(url) => (
      <a href={url()} target="_blank" rel="noopener noreferrer" data-testid="runbook">
        Runbook
        <ExternalLink size={14} aria-label="opens in a new tab" />
      </a>
    )}
  </Show>
);
