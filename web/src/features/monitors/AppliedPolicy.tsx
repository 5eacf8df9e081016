import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { MonitorDetailView } from '../../../../worker/contract/views.ts';
import { guarded } from '../../ui/guarded.tsx';
import { policyMatchText } from '../escalation/policyMatchText.ts';

/** A default policy that still has its first name is not named twice. */
const nameOf = ({ because, name }: { because: string; name: string }) => {
  if (because !== 'default') return name;
  return name === 'Default' ? 'the default policy' : `the default policy “${name}”`;
};

/** The monitor's escalation policy, and why it applies. */
export const AppliedPolicy = guarded((props: { monitor: MonitorDetailView }) => (
  <span class="caption" data-testid="escalation-policy">
    <Show when={props.monitor.escalationPolicy} fallback="No alerts configured.">
      {(policy) => (
        <>
          {policy().hasSteps ? 'Escalation policy:' : 'No alerts configured: no steps in'}{' '}
          <A href={`/alerts/policy/${policy().id}`}>{nameOf(policy())}</A>
          <Show when={policy().because !== 'default'}>, {policyMatchText(policy())}</Show>.
        </>
      )}
    </Show>
    <Show when={props.monitor.critical}> Critical: bypasses quiet hours.</Show>
  </span>
));
