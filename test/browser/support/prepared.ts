import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The file that prepare.ts writes when it has ended: its error, or null. */
export interface Preparation {
  problem: string | null;
}

export const preparationFile = (folder: string) => join(folder, 'ended.json');

/** Waits until the folder is filled; the hook that waits has the timeout. Throws where that failed. */
export const untilPrepared = async (folder: string) => {
  while (!existsSync(preparationFile(folder))) await delay(100);
  const { problem } = JSON.parse(readFileSync(preparationFile(folder), 'utf8')) as Preparation;
  if (problem) throw new Error(problem);
};
