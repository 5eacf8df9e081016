import type { z } from 'zod';
import type { ReasonTexts } from '../../domain/checks/commonReasons.ts';
import type { Contradiction } from '../../domain/monitors/contradiction.ts';
import type { SecretSetting } from '../../domain/monitors/secretSettings.ts';

/**
 * What settings are described with. It is passed in, so that a page that only shows monitors loads the definitions without
 * the schema library (fieldKit.ts makes it).
 */
export interface FieldKit {
  z: typeof z;
  /** Why Pharos cannot watch this web address; undefined where it can. */
  addressProblem: (url: string) => string | undefined;
}

/** A setting that only creation may leave out has its default in `defaults`, never in its schema: a change keeps what is stored. */
type Shape = Readonly<Record<string, z.ZodType>>;

type Output<Fields extends Shape> = z.output<z.ZodObject<Fields>>;

/** A group of the form, and the settings in it. */
export interface FormGroup<Name extends string = string> {
  title: string;
  fields: readonly Name[];
}

/**
 * All of a kind that is pure: what the API, the database, alerts and the dashboard derive from. Its probe lies beside it in
 * probe.ts; a passive kind has none.
 */
export interface KindDefinition<
  Kind extends string = string,
  Fields extends Shape = Shape,
  Settings = Output<Fields>,
  Defaulted extends keyof Settings = keyof Settings,
> {
  kind: Kind;
  label: string;
  /** Nothing is probed: something else says how the monitor stands, such as a job that calls. */
  isPassive?: boolean;
  /** Each field with `.meta()` of `FieldMeta`. */
  fields: (kit: FieldKit) => Fields;
  /** Of a new monitor. */
  defaults: Pick<Settings, Defaulted>;
  /** Of a new monitor, where it is not as most kinds have it. */
  schedule?: { timeoutMs?: number; intervalSeconds?: number };
  /** The settings that are sealed: the rest of Pharos sees them masked. */
  secrets: { readonly [Name in keyof Settings]?: SecretSetting };
  /** In lists, alerts, the audit log and searches. */
  address: (settings: Settings) => string;
  /** As alerts show the address: without what may be a key. */
  publicAddress: (address: string) => string;
  /** Where a browser can open it; null where it cannot. */
  link: (address: string) => string | null;
  /** On the monitor's page: `GET, every 30 s from each region, expects 200-399 within 10 s`. */
  summary: (settings: Settings) => { asks: string; expects: string };
  /** Of a new monitor without a name, and where a name shows nothing. */
  nameFrom: (address: string) => string;
  /** Whose registrable domain bears the requests; null where there is none. */
  host: (settings: Settings) => string | null;
  /** Secrets stay with the destination that they were entered for. */
  destination: (settings: Settings) => string;
  /** What of these settings contradicts something else of them. Any may be missing. */
  contradictions?: (settings: Partial<Settings>) => Contradiction[];
  /** Settings whose values the audit log may show; of the others it says that they changed. */
  audited: readonly (keyof Settings & string)[];
  /** The team's identification header: whether it is sent, and the settings with it. */
  token?: {
    isSent: (settings: Settings) => boolean;
    /** False where another destination must not be sent it without a choice. */
    none: Partial<Settings>;
    add: (settings: Settings, token: string) => Settings;
  };
  /** Why outcomes of this kind are what they are, beside the reasons that all kinds have. */
  reasons: Readonly<Record<string, ReasonTexts>>;
  /** The outcome's status with its name, `HTTP 503`; null where it says nothing. */
  statusText: (status: number) => string | null;
  /** What a person reads first of the evidence's text, on one line; null where there is nothing to see. */
  evidenceLine: (body: string) => string | null;
  form: {
    /** The setting that the form asks for first: a text, from which `suggest` finds the kind. */
    first: keyof Settings & string;
    /** Settings for this input of the first field; null where it is for another kind. */
    suggest: (input: string) => Partial<Settings> | null;
    groups: readonly FormGroup<keyof Settings & string>[];
    /** False where a setting does not matter as the others are. */
    isShown?: (field: keyof Settings & string, settings: Partial<Settings>) => boolean;
  };
}

/** Checks a definition against itself: its settings, secrets, form and audit fields name the same things. */
export const defineKind = <
  const Kind extends string,
  Fields extends Shape,
  Settings extends Output<Fields>,
  Defaulted extends keyof Settings,
>(
  definition: KindDefinition<Kind, Fields, Settings, Defaulted>,
): KindDefinition<Kind, Fields, Settings, Defaulted> => definition;
