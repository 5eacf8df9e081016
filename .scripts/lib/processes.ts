import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

export interface Launch {
  /** Name in messages. */
  name: string;
  script: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Copies its output to standard error as well, each line behind the name. */
  verbose: boolean;
}

export interface Running {
  name: string;
  /** Its process group; none where it could not be started. */
  group: number | undefined;
  /** Resolves when the process has ended, with its exit code (or the number of the signal + 128). */
  ended: Promise<number>;
  /** The last lines of its output. */
  tail(): string;
  /** Ends the process and its children; resolves when it has exited. */
  stop(): Promise<void>;
}

const tailLines = 40;
const stackLine = /^\s+at /;
const graceMs = 4_000;

/** Starts a Node script at the head of its own process group, so that it can be ended with all that it started. */
const launch = ({ name, script, args, cwd, env, logFile, verbose }: Launch): Running => {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const lines: string[] = [];
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (verbose) process.stderr.write(`[${name}] ${line}\n`);
      // A stack would push its message out of the tail; the file has it.
      if (!stackLine.test(line) && lines.push(line) > tailLines) lines.shift();
    });
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message);
      resolve(1);
    });
    // A grandchild that lives on keeps the pipes open, so that the end of the output may not come.
    const closed = new Promise((close) => child.once('close', close));
    child.once('exit', (code) => void Promise.race([closed, delay(500)]).then(() => resolve(code ?? 129)));
  });
  void ended.then(() => log.end());
  return { name, group: child.pid, ended, tail: () => lines.join('\n'), stop: () => stopGroup(child, ended) };
};

const stopGroup = async (child: ChildProcess, ended: Promise<number>) => {
  const group = child.pid;
  if (!group) return;
  signalGroup(group, 'SIGTERM');
  await Promise.race([ended, delay(graceMs)]);
  // Even after the head has exited: a member that ignores SIGTERM would outlive it.
  signalGroup(group, 'SIGKILL');
  await ended;
};

const signalGroup = (group: number, signal: NodeJS.Signals) => {
  try {
    process.kill(-group, signal);
  } catch {
    // The group has already exited.
  }
};

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Processes that end together: by `stop`, or with this process, even if it is killed.
 */
export const openFleet = () => {
  const reaper = startReaper();
  const running: Running[] = [];
  let stopping: Promise<void> | undefined;

  /** Throws where the fleet has been stopped. */
  const start = (what: Launch) => {
    if (stopping) throw new Error('Stopped.');
    const process = launch(what);
    running.push(process);
    if (process.group) reaper.watch(process.group);
    return process;
  };
  /** Runs a script to its end. Throws with the end of its output where it fails. */
  const run = async (what: Launch) => {
    const process = start(what);
    const code = await process.ended;
    if (code !== 0) throw new Error(stopping ? 'Stopped.' : `The ${what.name} failed:\n${process.tail()}`);
  };
  const stopAll = async () => {
    await Promise.all(running.map((process) => process.stop()));
    reaper.dismiss();
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  return { start, run, stop, isStopping: () => stopping !== undefined };
};

export type Fleet = ReturnType<typeof openFleet>;

/** A shell in a session of its own that waits for the end of its input, which the system closes in any case. */
const startReaper = () => {
  const script =
    'while read -r g; do all="$all $g"; done; for s in TERM KILL; do for g in $all; do kill -$s -$g; done; sleep 3; done';
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  shell.stdin.on('error', () => {});
  return {
    watch: (group: number) => void shell.stdin.write(`${group}\n`),
    dismiss: () => void shell.kill('SIGKILL'),
  };
};
