import { spawn } from 'node:child_process';
import { root } from './paths.ts';
import { plainEnvironment } from './wrangler.ts';

export interface Step {
  name: string;
  script: string;
  args: string[];
}

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a Node script and collects its output. Never throws for a failing script. */
export const collect = (script: string, args: string[], cwd = root, env = plainEnvironment()): Promise<Output> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });

/** Runs a Node script in this terminal; resolves with its exit code. */
export const show = (script: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, env, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** Runs the steps beside each other and prints one line for each, with its output where it failed. */
export const runSteps = async (steps: Step[]): Promise<boolean> => {
  const results = await Promise.all(
    steps.map(async ({ name, script, args }) => {
      const { code, stdout, stderr } = await collect(script, args);
      console.log(code === 0 ? `✓ ${name}` : `✗ ${name}\n${stdout}${stderr}`);
      return code === 0;
    }),
  );
  return results.every(Boolean);
};
