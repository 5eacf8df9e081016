import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isAlive } from './alive.ts';

/**
 * Aborted when this process shall end: on Ctrl-C, when it is told to, and when npm or a shell between npm and this
 * process is gone (a shell passes no signal on, and npm none when it is killed itself).
 */
export const endSignal = (): AbortSignal => {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
  const callers = findCallers();
  setInterval(() => callers.every(isAlive) || ending.abort(), 500).unref();
  return ending.signal;
};

/** The processes from the parent up to npm; only the parent where npm is not among them. */
const findCallers = (): number[] => {
  const callers: number[] = [];
  for (let pid = process.ppid; pid > 1; ) {
    const { parent, command } = describe(pid);
    callers.push(pid);
    if (/\bp?npm\b/.test(command)) return callers;
    pid = parent;
  }
  return callers.slice(0, 1);
};

/** From /proc where there is one, since small Linux images come without `ps`. */
const describe = (pid: number) => {
  if (existsSync(`/proc/${pid}/stat`)) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') };
  }
  const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return { parent: Number.parseInt(line, 10), command: line };
};
