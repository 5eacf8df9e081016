interface Parsed {
  error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } | undefined;
}

/** Validation errors by field (`steps.1.afterSeconds`), with the messages of the schema that the API uses too. */
export const issuesOf = ({ error }: Parsed): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const { path, message } of error?.issues ?? []) found[path.join('.')] ??= message;
  return found;
};
