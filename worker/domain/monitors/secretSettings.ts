/** How a setting that is sealed is entered, kept and shown. `problem`: what is wrong with a value; null where it can be sent. */
export type SecretSetting = SecretText | SecretRecord;

/** A text, or null. */
export interface SecretText {
  type: 'text';
  /** In sentences: `body`. */
  label: string;
}

/** Values by name. Names are not secret, and two that differ only in case are one. */
export interface SecretRecord {
  type: 'record';
  label: string;
  problem?: (value: string) => string | null;
  /** Names (in lower case) whose values may go to another destination. */
  publicNames?: readonly string[];
}
