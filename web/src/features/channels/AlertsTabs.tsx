import { A } from '@solidjs/router';
import { For, onMount } from 'solid-js';
import './alerts.css';

const tabs = [
  { href: '/alerts', text: 'Channels' },
  { href: '/alerts/policy', text: 'Escalation policies' },
  { href: '/alerts/on-call', text: 'On-call' },
  { href: '/alerts/deliveries', text: 'Deliveries' },
];

/** The pages of the alerts. Where a window is too narrow for all of them, the chosen one is in view. */
export const AlertsTabs = () => {
  let nav: HTMLElement | undefined;
  onMount(() => nav?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' }));
  return (
    <nav class="tabs" aria-label="Alerts" ref={nav}>
      <For each={tabs}>
        {(tab) => (
          <A href={tab.href} class="tab" end>
            {tab.text}
          </A>
        )}
      </For>
    </nav>
  );
};
