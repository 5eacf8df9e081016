import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../api.ts';
import { EscalationForm } from '../components/alerts/EscalationForm.tsx';
import { PolicyPage } from '../components/alerts/PolicyPage.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { createWayOn } from '../primitives/createWayOn.ts';

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
