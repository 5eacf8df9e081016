import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../../../app/cache/api.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { EscalationForm } from '../EscalationForm.tsx';
import { PolicyPage } from '../PolicyPage.tsx';

export default function PolicyNew() {
  createTitle(() => 'New policy');
  const client = useQueryClient();
  const goOn = createWayOn();
  return (
    <PolicyPage title="New policy">
      {(known) => (
        <EscalationForm
          draftKey="policy"
          policies={known.policies}
          channels={known.channels}
          save={async (input) => {
            await api.createPolicy(input);
            void client.invalidateQueries({ queryKey: ['escalation-policies'] });
            void client.invalidateQueries({ queryKey: ['monitor'] });
            goOn('/alerts/policy');
          }}
        />
      )}
    </PolicyPage>
  );
}
