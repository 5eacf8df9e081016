import { type CheckPolicySettings, defaultPolicySettings } from '../../../../worker/domain/verdict/checkPolicy.ts';
import { numberOf } from '../../lib/number.ts';

/** The check policy in the form: text as typed. */
export interface PolicyDraft {
  quorumChoice: 'any' | 'majority' | 'all' | 'number';
  /** With the choice `number` only. */
  quorumNumber: string;
  confirmations: string;
  recoveryConfirmations: string;
  degradedConfirmations: string;
  confirmationPeriodSeconds: string;
  recoveryPeriodSeconds: string;
  flappingChanges: string;
  flappingWithinMinutes: string;
}

export const policyDraftOf = (settings: CheckPolicySettings): PolicyDraft => ({
  quorumChoice: typeof settings.quorum === 'number' ? 'number' : settings.quorum,
  quorumNumber: typeof settings.quorum === 'number' ? String(settings.quorum) : '2',
  confirmations: String(settings.confirmations),
  recoveryConfirmations: String(settings.recoveryConfirmations),
  degradedConfirmations: String(settings.degradedConfirmations),
  confirmationPeriodSeconds: String(settings.confirmationPeriodSeconds),
  recoveryPeriodSeconds: String(settings.recoveryPeriodSeconds),
  flappingChanges: String(settings.flappingChanges),
  flappingWithinMinutes: String(settings.flappingWithinMinutes),
});

export const emptyPolicyDraft = (): PolicyDraft => policyDraftOf(defaultPolicySettings);

/** In the form of the API; invalid numbers are NaN. */
export const policyInputOf = (draft: PolicyDraft): CheckPolicySettings => ({
  quorum: draft.quorumChoice === 'number' ? numberOf(draft.quorumNumber) : draft.quorumChoice,
  confirmations: numberOf(draft.confirmations),
  recoveryConfirmations: numberOf(draft.recoveryConfirmations),
  degradedConfirmations: numberOf(draft.degradedConfirmations),
  confirmationPeriodSeconds: numberOf(draft.confirmationPeriodSeconds),
  recoveryPeriodSeconds: numberOf(draft.recoveryPeriodSeconds),
  flappingChanges: numberOf(draft.flappingChanges),
  flappingWithinMinutes: numberOf(draft.flappingWithinMinutes),
});
