import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ScenarioInput } from './scenario.ts';

type Window = NonNullable<ScenarioInput['monitor']['recurringMaintenance']>[number];

const folder = mkdtempSync(join(tmpdir(), 'pharos-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...files: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'simulate.ts'), ...files],
      (_, stdout, stderr) => done({ code: child.exitCode ?? 1, stdout, stderr }),
    );
  });

const write = (name: string, content: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

/** The example of SIMULATION.md. */
const example: ScenarioInput = {
  name: 'a real outage while one region is cut off',
  seed: 7,
  durationSeconds: 3600,
  latencyMs: 120,
  monitor: {
    intervalSeconds: 30,
    timeoutMs: 10_000,
    degradedAboveMs: 2_000,
    regions: ['weur', 'enam', 'apac'],
    quorum: 'majority',
    confirmations: 2,
    recoveryConfirmations: 2,
    confirmationPeriodSeconds: 0,
    recoveryPeriodSeconds: 0,
    maintenance: [{ from: 3000, to: 3300 }],
  },
  target: [
    { from: 600, to: 900, is: 'down' },
    { from: 1500, to: 1700, is: 'slow', latencyMs: 3000 },
  ],
  faults: [
    { from: 500, to: 1000, regions: ['apac'], is: 'unreachable' },
    { from: 2000, to: 2200, regions: ['weur', 'enam', 'apac'], is: 'silent' },
  ],
};

const withWindow = (given: Partial<Window>) => {
  const window: Window = { startsAt: '2027-01-15T10:00', endsAt: '2027-01-15T11:00', timeZone: 'Europe/Berlin' };
  return { ...example, monitor: { ...example.monitor, recurringMaintenance: [{ ...window, ...given }] } };
};

test('a line per scenario says what Pharos would have said, the same each time', async () => {
  const file = write('example.json', example);
  const [once, twice] = await Promise.all([run(file), run(file, file)]);
  expect([once.code, once.stderr, twice.stdout]).toEqual([0, '', once.stdout + once.stdout]);
  const report = JSON.parse(once.stdout);
  expect(Object.keys(report)).toEqual([
    'name',
    'verdicts',
    'incidents',
    'alerts',
    'seconds',
    'uptimePercent',
    'probes',
    'objectCalls',
  ]);
  expect(report.verdicts.map((v: { verdict: string }) => v.verdict)).toEqual([
    'up',
    'down',
    'up',
    'degraded',
    'up',
    'unknown',
    'up',
  ]);
  expect(report.incidents).toHaveLength(1);
  expect(report.alerts.map((a: { event: string }) => a.event)).toEqual(['down', 'up']);
  expect(report.seconds.maintenance).toBe(300);
});

const bad: [name: string, content: unknown, says: RegExp][] = [
  ['no JSON', '{ "name": ', /JSON/],
  ['a field that is missing', { ...example, durationSeconds: undefined }, /durationSeconds/],
  ['a field that there is not', { ...example, duration: 3 }, /"duration"/],
  [
    'a region that there is not',
    { ...example, monitor: { ...example.monitor, regions: ['mars'] } },
    /A region must be one of/,
  ],
  [
    'a span that ends before it begins',
    { ...example, target: [{ from: 9, to: 3, is: 'down' }] },
    /ends after it begins/,
  ],
  [
    'a fault of a region that does not check',
    { ...example, faults: [{ from: 1, to: 2, is: 'silent', regions: ['oc'] }] },
    /oc/,
  ],
  ['a start within a minute', { ...example, start: '2026-03-29T00:00:30Z' }, /whole minute/],
  ['a window in a zone that there is not', withWindow({ timeZone: 'Mars/Olympus' }), /not a time zone/],
  ['a window that ends before it starts', withWindow({ endsAt: '2027-01-15T01:00' }), /ends before it starts/],
  ['a quorum of none', { ...example, monitor: { ...example.monitor, quorum: 0 } }, /quorum/],
];

/** All in one run of the command, each followed by a file that is well: starting it takes longer than all of them. */
const runOfAll = () =>
  run(...bad.flatMap(([name, content]) => [write(`bad ${name}.json`, content), write('good.json', example)]));
let ran: ReturnType<typeof runOfAll> | undefined;

test.for(bad)('%s is an error that says so', async ([name, , says]) => {
  ran ??= runOfAll();
  const { code, stderr } = await ran;
  expect(code).toBe(1);
  const [, own = ''] = stderr.split(`bad ${name}.json: `);
  expect(own.split('bad ')[0]).toMatch(says);
});

test('the files after each that is no scenario are run', async () => {
  ran ??= runOfAll();
  const { stdout } = await ran;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).name);
  expect(lines).toEqual(bad.map(() => example.name));
});
