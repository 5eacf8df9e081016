import { rmSync, writeFileSync } from 'node:fs';

/** Writes a file that its owner alone can read, also where one lay there before with other rights. */
export const writeSecretFile = (file: string, text: string) => {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
};

/** Quotes so that dotenv, which knows no escapes, reads the same text. Throws, without the value, where none can do it. */
const quoted = (name: string, value: string) => {
  const quote = ["'", '`', '"'].find((mark) => !value.includes(mark));
  // A backslash before the closing mark would escape it, and between double quotes \n is a line break.
  if (!quote || value.endsWith('\\') || (quote === '"' && value.includes('\\')))
    throw new Error(`${name} mixes quotation marks and backslashes in a way that a local copy cannot take.`);
  return quote + value + quote;
};

/** The text of a .dev.vars file. */
export const devVars = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('');
