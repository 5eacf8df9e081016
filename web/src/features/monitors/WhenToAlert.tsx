import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import type { MonitorDraft } from './monitorDraft.ts';
import { QuorumChoice } from './QuorumChoice.tsx';

/** How many regions, how many checks and how much time it takes until an outage is told, and until its end is. */
export const WhenToAlert = (props: { form: FieldsOf<MonitorDraft> }) => (
  <div class="form-group">
    <h2>When to alert</h2>
    <QuorumChoice form={props.form} />
    <div class="field-row two">
      <TextInput
        form={props.form}
        field="confirmations"
        label="Failed checks in a row"
        hint="1 to 8. So many before a region counts as failing. After the first, Pharos looks again within seconds; 2 spares you most hiccups."
        decimal
      />
      <TextInput
        form={props.form}
        field="recoveryConfirmations"
        label="Good checks in a row"
        hint="1 to 8. So many before a failing region counts as well again."
        decimal
      />
      <TextInput
        form={props.form}
        field="confirmationPeriodSeconds"
        label="Wait before an outage, in seconds"
        hint="0 to 3,600. Enough regions must go on failing for so long. With 0, an outage alerts at once."
        decimal
      />
      <TextInput
        form={props.form}
        field="recoveryPeriodSeconds"
        label="Wait before the all-clear, in seconds"
        hint="0 to 3,600. Enough regions must go on answering for so long. With 0, a recovery is reported at once."
        decimal
      />
      <TextInput
        form={props.form}
        field="flappingChanges"
        label="Flapping after more changes than"
        hint="2 to 100. A monitor that changes more often between up and down alerts once as flapping, and once as stable again. More than 12 changes in an hour are always flapping."
        decimal
      />
      <TextInput
        form={props.form}
        field="flappingWithinMinutes"
        label="Within minutes"
        hint="5 to 1,440. The time in which changes are counted for that."
        decimal
      />
    </div>
  </div>
);
