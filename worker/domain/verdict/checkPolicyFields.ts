import { z } from 'zod';
import { regions } from '../checks/region.ts';
import { type CheckPolicySettings, defaultPolicySettings } from './checkPolicy.ts';
import { asksAtAStretch } from './suspicion.ts';
import type { Quorum } from './votesNeeded.ts';

/** The fields of a monitor that set how it is judged. */

const within = (least: number, most: number, message: string) => {
  // A value that is no sensible number is not compared with other fields.
  const error = { error: message, abort: true };
  return z.int(error).min(least, error).max(most, error);
};

const wholeNumber = (what: string, least: number, most: number) =>
  within(least, most, `Enter ${what} from ${least} to ${most.toLocaleString('en')}.`);

const quorumMessage = `Choose "any", "majority", "all", or a whole number of regions from 1 to ${regions.length}.`;

export const policyFields = {
  quorum: z.union([z.enum(['any', 'majority', 'all']), within(1, regions.length, quorumMessage)], quorumMessage),
  // The limit on on-demand checks at a stretch. More confirmations would have to wait for the next interval, which may be an
  // hour.
  confirmations: wholeNumber('a whole number of checks', 1, asksAtAStretch),
  recoveryConfirmations: wholeNumber('a whole number of checks', 1, asksAtAStretch),
  degradedConfirmations: wholeNumber('a whole number of checks', 1, asksAtAStretch),
  confirmationPeriodSeconds: wholeNumber('whole seconds', 0, 3_600),
  recoveryPeriodSeconds: wholeNumber('whole seconds', 0, 3_600),
  flappingChanges: wholeNumber('a whole number of changes', 2, 100),
  flappingWithinMinutes: wholeNumber('whole minutes', 5, 1_440),
} satisfies Record<keyof CheckPolicySettings, z.ZodType>;

export const policyFieldsWithDefaults = {
  quorum: policyFields.quorum.default(defaultPolicySettings.quorum),
  confirmations: policyFields.confirmations.default(defaultPolicySettings.confirmations),
  recoveryConfirmations: policyFields.recoveryConfirmations.default(defaultPolicySettings.recoveryConfirmations),
  degradedConfirmations: policyFields.degradedConfirmations.default(defaultPolicySettings.degradedConfirmations),
  confirmationPeriodSeconds: policyFields.confirmationPeriodSeconds.default(
    defaultPolicySettings.confirmationPeriodSeconds,
  ),
  recoveryPeriodSeconds: policyFields.recoveryPeriodSeconds.default(defaultPolicySettings.recoveryPeriodSeconds),
  flappingChanges: policyFields.flappingChanges.default(defaultPolicySettings.flappingChanges),
  flappingWithinMinutes: policyFields.flappingWithinMinutes.default(defaultPolicySettings.flappingWithinMinutes),
};

/** A quorum that needs more regions than there are. */
export const quorumProblems = ({
  quorum,
  regions: chosen,
}: {
  quorum?: Quorum | undefined;
  regions?: readonly unknown[] | undefined;
}) => {
  if (typeof quorum !== 'number' || !chosen || chosen.length === 0 || quorum <= chosen.length) return [];
  const only = chosen.length === 1 ? 'Only 1 region is' : `Only ${chosen.length} regions are`;
  return [{ path: 'quorum', message: `${only} selected, so at most ${chosen.length} can agree.` }];
};
