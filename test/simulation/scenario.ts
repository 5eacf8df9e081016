import { z } from 'zod';
import { type Region, regions } from '../../worker/domain/checks/region.ts';
import { type MaintenanceInput, previewMaintenanceSchema } from '../../worker/domain/maintenance/maintenanceSchema.ts';
import { windowProblems } from '../../worker/domain/maintenance/maintenanceWindow.ts';
import { timeZoneField } from '../../worker/domain/time/timeZoneField.ts';

/** The contents of a scenario file; times are seconds from the scenario's start. */

const seconds = z.int().min(0);
const span = { from: seconds, to: seconds };
const isForward = ({ from, to }: { from: number; to: number }) => from < to;
const forward = { error: 'A span ends after it begins: "to" must be greater than "from".', path: ['to'] };

const region = z.enum(regions, `A region must be one of ${regions.join(', ')}.`);
const regionList = z
  .array(region)
  .min(1, 'At least one region.')
  .refine((list) => new Set(list).size === list.length, 'Each region at most once.');

const monitor = z.strictObject({
  intervalSeconds: z.int().min(1),
  timeoutMs: z.int().min(1).default(10_000),
  degradedAboveMs: z.int().min(1).nullable().default(null),
  regions: regionList,
  quorum: z
    .union(
      [z.enum(['any', 'majority', 'all']), z.int().min(1)],
      'A quorum is "any", "majority", "all" or a whole number.',
    )
    .default('majority'),
  confirmations: z.int().min(1).default(2),
  recoveryConfirmations: z.int().min(1).default(2),
  confirmationPeriodSeconds: seconds.default(0),
  recoveryPeriodSeconds: seconds.default(0),
  maintenance: z.array(z.strictObject(span).refine(isForward, forward)).default([]),
  /** Beyond SIMULATION.md: windows as the API takes them, on the clocks of a time zone and repeating. */
  recurringMaintenance: z.array(previewMaintenanceSchema.extend({ timeZone: timeZoneField })).default([]),
  /** Beyond SIMULATION.md: the data centre that probes of a region come from. */
  dataCentres: z.partialRecord(region, z.string().regex(/^[A-Z]{3}$/)).default({}),
});

type RecurringMaintenance = z.output<typeof monitor>['recurringMaintenance'][number];

/** As the product reads it: a scenario has one monitor, and windows without titles. */
export const forThisMonitor = (window: RecurringMaintenance): MaintenanceInput => ({
  ...window,
  title: '',
  monitorIds: [],
  tags: [],
  allMonitors: true,
});

const target = z
  .discriminatedUnion('is', [
    z.strictObject({ ...span, is: z.literal('down') }),
    z.strictObject({ ...span, is: z.literal('hang') }),
    z.strictObject({ ...span, is: z.literal('slow'), latencyMs: z.int().min(1) }),
  ])
  .refine(isForward, forward);

const affected = { ...span, regions: regionList };
const fault = z
  .discriminatedUnion('is', [
    z.strictObject({ ...affected, is: z.literal('unreachable') }),
    z.strictObject({ ...affected, is: z.literal('silent') }),
    z.strictObject({ ...affected, is: z.literal('late'), delaySeconds: seconds }),
    z.strictObject({ ...affected, is: z.literal('duplicated') }),
    z.strictObject({ ...affected, is: z.literal('reordered') }),
    z.strictObject({ ...span, is: z.literal('cron-missed'), regions: regionList.optional() }),
  ])
  .refine(isForward, forward);

const alertEvent = z.enum(['down', 'up', 'flapping', 'stable']);
const range = z.tuple([z.number(), z.number()]);

/** What a scenario of the corpus must come to: properties and ranges, least and most. SIMULATION.md knows only runs. */
const expected = z.strictObject({
  downs: z.int().optional(),
  incidents: z.int().optional(),
  alerts: z.array(alertEvent).optional(),
  mostIncidents: z.int().optional(),
  mostAlerts: z.int().optional(),
  lastAlert: alertEvent.optional(),
  /** Time of the first alert. */
  firstAlertAt: range.optional(),
  /** Of the first outage. */
  detectionSeconds: range.optional(),
  recoverySeconds: range.optional(),
  /** Counted as down, less what was. */
  downtimeErrorSeconds: range.optional(),
  seconds: z.partialRecord(z.enum(['up', 'degraded', 'down', 'unknown', 'maintenance']), range).default({}),
  /** Outages that may be missed, because nobody could see them. */
  missed: z.int().default(0),
  lastVerdict: z.enum(['up', 'degraded', 'down', 'unknown']).default('up'),
});

const isWholeMinute = (text: string) => Date.parse(text) % 60_000 === 0;

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1),
    seed: z.int().min(0).default(1),
    /** Beyond SIMULATION.md: when virtual time begins. On whole minutes, as cron runs do. */
    start: z.iso
      .datetime('A start is an instant such as 2026-03-29T00:00:00Z.')
      .refine(isWholeMinute, 'A start is a whole minute.')
      .default('2027-01-15T08:00:00Z'),
    durationSeconds: z.int().min(1),
    latencyMs: z.int().min(0).default(100),
    monitor,
    target: z.array(target).default([]),
    faults: z.array(fault).default([]),
    expected: expected.optional(),
  })
  .superRefine(({ start, monitor, faults }, ctx) => {
    monitor.recurringMaintenance.forEach((window, i) => {
      for (const { path, message } of windowProblems(forThisMonitor(window), Date.parse(start)))
        ctx.addIssue({ code: 'custom', path: ['monitor', 'recurringMaintenance', i, path], message });
    });
    faults.forEach((fault, i) => {
      const foreign = (fault.regions ?? []).filter((r) => !monitor.regions.includes(r));
      if (foreign.length > 0 && fault.is !== 'cron-missed')
        ctx.addIssue({
          code: 'custom',
          path: ['faults', i, 'regions'],
          message: `The monitor does not look from ${foreign.join(', ')}.`,
        });
    });
  });

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Fault = Scenario['faults'][number];

/** Faults of a kind, with its fields, that a region suffers at `at` (s, fractions allowed). */
export const faultsAt = <K extends Fault['is']>(
  { faults }: Scenario,
  is: K,
  region: Region | null,
  at: number,
): Extract<Fault, { is: K }>[] =>
  faults.filter(
    (fault): fault is Extract<Fault, { is: K }> =>
      fault.is === is &&
      fault.from <= at &&
      at < fault.to &&
      (region === null || fault.is === 'cron-missed' || fault.regions.includes(region)),
  );
