/** The worst first: it takes the place of those after it. */
export const lesserProblems = ['unknown', 'regional', 'degraded'] as const;

export type LesserProblem = (typeof lesserProblems)[number];
