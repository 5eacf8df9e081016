import { quorumProblems } from '../verdict/checkPolicyFields.ts';
import type { Quorum } from '../verdict/votesNeeded.ts';
import { type Contradiction, found } from './contradiction.ts';

/** What all kinds of monitors have and can contradict something else of it. Undefined is not given, and contradicts nothing. */
export interface Together {
  timeoutMs?: number | undefined;
  intervalSeconds?: number | undefined;
  degradedAboveMs?: number | null | undefined;
  quorum?: Quorum | undefined;
  regions?: readonly unknown[] | undefined;
}

type Rule = (input: Together) => Contradiction[];

/** What does not go together, by the field to be changed: such a monitor could never be up, or never be what it says. */
export const contradictions: Rule = (input) => [
  ...timeProblems(input),
  ...quorumProblems(input).map((problem) => ({
    ...problem,
    fields: ['quorum', 'regions'],
  })),
];

const seconds = (ms: number) => `${ms / 1000} s`;

const timeProblems: Rule = ({ timeoutMs, intervalSeconds, degradedAboveMs }) => [
  ...(timeoutMs !== undefined && intervalSeconds !== undefined
    ? found(
        timeoutMs > intervalSeconds * 1000,
        'timeoutMs',
        `The timeout is longer than the interval of ${intervalSeconds} s, so checks would overlap.`,
        ['timeoutMs', 'intervalSeconds'],
      )
    : []),
  ...(timeoutMs !== undefined && typeof degradedAboveMs === 'number'
    ? found(
        degradedAboveMs >= timeoutMs,
        'degradedAboveMs',
        `A response this slow is a timeout (${seconds(timeoutMs)}). Choose a shorter time.`,
        ['degradedAboveMs', 'timeoutMs'],
      )
    : []),
];
