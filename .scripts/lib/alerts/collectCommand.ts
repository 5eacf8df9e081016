import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '../paths.ts';

const maxOutput = 64 * 1024 * 1024;

/** The standard output of a command. Throws where it fails. */
export const collectCommand = async (command: string, args: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, maxBuffer: maxOutput });
  return stdout;
};
