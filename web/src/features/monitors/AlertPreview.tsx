import { createMemo, Show } from 'solid-js';
import type { MonitorDetailView } from '../../../../worker/contract/views.ts';
import { previewOf } from '../../../../worker/domain/verdict/preview.ts';
import { everyText } from '../../lib/format.ts';
import { numberOf } from '../../lib/number.ts';
import { guarded } from '../../ui/guarded.tsx';
import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import { policyInputOf } from '../verdicts/checkPolicyDraft.ts';
import { previewText } from '../verdicts/checkPolicyText.ts';
import type { MonitorDraft } from './monitorDraft.ts';

/** The settings that it depends on, by the API's names. */
const fields = [
  'regions',
  'intervalSeconds',
  'timeoutMs',
  'quorum',
  'confirmations',
  'recoveryConfirmations',
  'confirmationPeriodSeconds',
  'recoveryPeriodSeconds',
];

/** The effect of the settings as typed: when an outage is notified, and whether one region can cause it. */
export const AlertPreview = guarded(
  (props: { form: FieldsOf<MonitorDraft>; limitedBy: MonitorDetailView['limitedBy'] }) => {
    const text = createMemo(() => {
      const { form } = props;
      const problem = fields.map(form.problem).find((message) => message !== undefined);
      if (problem) return `The alert delay cannot be calculated. ${problem}`;
      const { intervalSeconds, timeoutSeconds, regions } = form.draft;
      const timeoutMs = Math.round(numberOf(timeoutSeconds) * 1000);
      const settings = { ...policyInputOf(form.draft), intervalSeconds, timeoutMs, regionCount: regions.length };
      return previewText(previewOf(settings));
    });
    return (
      <p class="alert-preview" aria-live="polite" data-testid="alert-preview">
        {text()}
        <Show when={props.limitedBy}>
          {(limit) =>
            ` These times apply to the selected interval. Checks of ${limit().domain} are currently limited, so this monitor is checked ${everyText(limit().effectiveIntervalSeconds)} from each region and alerts can take longer.`
          }
        </Show>
      </p>
    );
  },
);
