import { z } from 'zod';
import { fieldKit } from '../checks/kinds/fieldKit.ts';
import {
  type AnyKind,
  type AnySettings,
  definitionOf,
  type Kind,
  type KindSettings,
  kinds,
  type NewKindSettings,
} from '../checks/kinds/kind.ts';
import { defaultRegions } from '../domain/checks/region.ts';
import type { TargetRules } from '../domain/checks/target.ts';
import type { Contradiction } from '../domain/monitors/contradiction.ts';
import { contradictions, type Together } from '../domain/monitors/contradictions.ts';
import { monitorFields } from '../domain/monitors/monitor.ts';
import { policyFieldsWithDefaults } from '../domain/verdict/checkPolicyFields.ts';

type Rules = TargetRules | boolean;

const commonDefaults = {
  regions: defaultRegions,
  degradedAboveMs: null,
  tags: [],
  runbookUrl: null,
  dependsOn: [],
  escalationPolicyId: null,
  critical: false,
};

const optional = <Fields extends Record<string, z.ZodType>>(
  fields: Fields,
  defaults: Readonly<Record<string, unknown>>,
) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, name in defaults ? field.default(defaults[name]) : field]),
  ) as Fields;

/** What all kinds have: `name` defaults to the address, the rest as most monitors have it. */
const commonFields = ({ schedule = {} }: AnyKind) => ({
  ...monitorFields,
  ...optional(monitorFields, { timeoutMs: 10_000, intervalSeconds: 30, ...commonDefaults, ...schedule }),
  name: monitorFields.name.optional(),
  ...policyFieldsWithDefaults,
});

/** The settings of a new monitor of this kind: what has a default may be left out. */
export const newSettingsSchema = (kind: Kind, rules: Rules) => {
  const definition = definitionOf(kind);
  return z.strictObject(optional(definition.fields(fieldKit(rules)), definition.defaults));
};

/** Any subset of the settings. A secret that is masked (`maskedSecret`) keeps the stored one. */
export const changedSettingsSchema = (kind: Kind, rules: Rules) => {
  const { fields, contradictions: rule } = definitionOf(kind);
  return z
    .strictObject(fields(fieldKit(rules)))
    .partial()
    .superRefine(refusing((settings) => rule?.(settings) ?? []));
};

/** Not of a field that is wrong by itself. */
const refusing =
  <Input>(rule: (input: Input) => Contradiction[]) =>
  (input: Input, ctx: z.RefinementCtx) => {
    const wrong = ctx.issues.map(({ path }) => path?.join('.'));
    for (const { path, message } of rule(input))
      if (!wrong.includes(path)) ctx.addIssue({ code: 'custom', path: path.split('.'), message });
  };

type Whole = Together & { settings?: AnySettings | undefined };

/** All contradictions in a monitor, or a part of one, by path. */
export const contradictionsOf = (kind: Kind, input: Whole): Contradiction[] => [
  ...contradictions(input),
  ...inSettings(kind, input.settings),
];

const inSettings = (kind: Kind, settings: AnySettings = {}): Contradiction[] =>
  (definitionOf(kind).contradictions?.(settings) ?? []).map((one) => ({ ...one, path: `settings.${one.path}` }));

/** Those of `after` in which something takes part that is not as it was `before`: what was stored once stays usable. */
export const newContradictions = <Monitor extends Whole & { kind: Kind }>(before: Monitor, after: Monitor) => {
  const differ = (was: object, is: object) => (field: string) =>
    JSON.stringify(was[field as never]) !== JSON.stringify(is[field as never]);
  return [
    ...contradictions(after).filter(({ fields }) => fields.some(differ(before, after))),
    ...inSettings(after.kind, after.settings).filter(({ fields }) =>
      fields.some(differ(before.settings ?? {}, after.settings ?? {})),
    ),
  ];
};

const newMonitorOf = (kind: Kind, rules: Rules) =>
  z
    .strictObject({
      kind: z.literal(kind),
      settings: newSettingsSchema(kind, rules),
      ...commonFields(definitionOf(kind)),
    })
    .superRefine(refusing((input: Whole) => contradictionsOf(kind, input)));

/** Creation: of most kinds only the address is required. */
export const createMonitorSchema = (rules: Rules) => {
  const [first, ...others] = kinds.map((kind) => newMonitorOf(kind, rules));
  const options = [first, ...others] as [ReturnType<typeof newMonitorOf>];
  const schema = z.discriminatedUnion('kind', options, `The kind must be one of ${kinds.join(', ')}.`);
  return schema as unknown as z.ZodType<CreateMonitor, CreateMonitorInput>;
};

/** Change: any subset, and of `settings` any subset as well, by the monitor's kind (`changedSettingsSchema`). */
export const changeMonitorSchema = z
  .strictObject({ ...monitorFields, settings: z.record(z.string(), z.unknown(), 'The settings must be an object.') })
  .partial()
  .superRefine(refusing(contradictions));

type Common = z.output<z.ZodObject<ReturnType<typeof commonFields>>>;
type CommonInput = Partial<z.input<z.ZodObject<typeof monitorFields>>>;

export type CreateMonitor = Common & KindSettings;
export type CreateMonitorInput = CommonInput & NewKindSettings;
export type ChangeMonitor = z.output<typeof changeMonitorSchema>;
