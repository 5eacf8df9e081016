/** Whether a write failed because `column` (`table.column`) is unique and holds that value already. */
export const isUniqueViolation = (error: unknown, column: string): boolean =>
  error instanceof Error &&
  (error.message.includes(`UNIQUE constraint failed: ${column}`) || isUniqueViolation(error.cause, column));
