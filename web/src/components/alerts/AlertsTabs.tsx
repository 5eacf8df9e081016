import { A } from '@solidjs/router';
import { For } from 'solid-js';
import '../../styles/alerts.css';

const tabs = [
  { href: '/alerts', text: 'Channels' },
  { href: '/alerts/policy', text: 'Who is told when' },
  { href: '/alerts/on-call', text: 'On call' },
  { href: '/alerts/deliveries', text: 'Deliveries' },
];

/** The pages of the alerts. */
export const AlertsTabs = () => (
  <nav class="tabs" aria-label="Alerts">
    <For each={tabs}>
      {(tab) => (
        <A href={tab.href} class="tab" end>
          {tab.text}
        </A>
      )}
    </For>
  </nav>
);
