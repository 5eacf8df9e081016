/** One part of a deployment, of which each can be done again. */
export interface DeployStep {
  /** Completes "Could not …" and "It has still to …". */
  task: string;
  /** Resolves with the new state, for the list of completed steps. */
  run: () => Promise<string>;
  /** The state after a failure. */
  afterFailure?: string;
}

/** Ends a deployment in the middle; its message contains the failure, the completed steps, and the fix. */
export class DeployError extends Error {}

const list = (items: readonly string[]) => items.map((item) => `  - ${item}`).join('\n');

const describe = (error: unknown, step: DeployStep, done: readonly string[], open: readonly DeployStep[]): string => {
  const reason = error instanceof Error ? error.message : String(error);
  const parts = [`Could not ${step.task}.\n${reason}`];
  if (step.afterFailure) parts.push(step.afterFailure);
  parts.push(done.length > 0 ? `Done before that:\n${list(done)}` : 'Nothing was done before that.');
  parts.push(`Still to do:\n${list([step, ...open].map(({ task }) => task))}`);
  parts.push('Then run the same command again: it continues from here.');
  return parts.join('\n\n');
};

/** Takes the steps in their order and reports each. Throws `DeployError` at the first that fails. */
export const takeSteps = async (steps: readonly DeployStep[], report: (line: string) => void): Promise<void> => {
  const done: string[] = [];
  for (const [i, step] of steps.entries()) {
    try {
      const result = await step.run();
      done.push(result);
      report(`✓ ${result}.`);
    } catch (error) {
      throw new DeployError(describe(error, step, done, steps.slice(i + 1)));
    }
  }
};
