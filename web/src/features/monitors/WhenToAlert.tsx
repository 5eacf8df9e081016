import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import type { MonitorDraft } from './monitorDraft.ts';
import { QuorumChoice } from './QuorumChoice.tsx';

/** Regions, checks and time until an outage is notified, and until its recovery is. */
export const WhenToAlert = (props: { form: FieldsOf<MonitorDraft> }) => (
  <div class="form-group">
    <h2>Outage detection</h2>
    <QuorumChoice form={props.form} />
    <div class="field-row two">
      <TextInput
        form={props.form}
        field="confirmations"
        label="Failures before a region is down"
        hint="1 to 8 in a row. Pharos rechecks within seconds of the first failure; 2 filters out most transient errors."
        decimal
      />
      <TextInput
        form={props.form}
        field="recoveryConfirmations"
        label="Successes before a region recovers"
        hint="1 to 8 in a row."
        decimal
      />
      <TextInput
        form={props.form}
        field="confirmationPeriodSeconds"
        label="Confirmation period (seconds)"
        hint="0 to 3,600. Enough regions must fail for this long before an outage starts."
        decimal
      />
      <TextInput
        form={props.form}
        field="recoveryPeriodSeconds"
        label="Recovery period (seconds)"
        hint="0 to 3,600. Enough regions must pass for this long before an outage ends."
        decimal
      />
      <TextInput
        form={props.form}
        field="flappingChanges"
        label="Status changes before flapping"
        hint="2 to 100. More changes than this make a monitor flapping: one alert at the start, one when it is stable again. More than 12 changes in an hour always count as flapping."
        decimal
      />
      <TextInput
        form={props.form}
        field="flappingWithinMinutes"
        label="Flapping window (minutes)"
        hint="5 to 1,440. The period in which changes are counted."
        decimal
      />
    </div>
  </div>
);
