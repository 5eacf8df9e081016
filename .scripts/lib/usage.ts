import { parseArgs } from 'node:util';

/** A command as its `--help` describes it. */
export interface Usage {
  /** The command line without the options: `npm run break -- REGION…`. */
  command: string;
  does: string;
  /** Long names without the dashes, and their effects. None takes a value. */
  options?: Record<string, string>;
  /** The meaning of the other arguments; a command without it takes none. */
  operands?: string;
}

/** The text of `--help`. */
export const helpOf = ({ command, does, options = {}, operands }: Usage): string => {
  const lines = Object.entries({ ...options, help: 'shows this text' }).map(
    ([name, meaning]) => `  --${name.padEnd(10)}  ${meaning}`,
  );
  return [`Usage: ${command}`, '', does, ...(operands ? ['', operands] : []), '', ...lines].join('\n');
};

export type Given = { help: true } | { problem: string } | { help: false; options: Set<string>; operands: string[] };

/** The parsed arguments; `problem` describes an error in one sentence. */
export const parseGiven = (usage: Usage, args: readonly string[]): Given => {
  try {
    const names = [...Object.keys(usage.options ?? {}), 'help'];
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }])),
      allowPositionals: true,
    });
    if (values.help) return { help: true };
    if (!usage.operands && positionals.length > 0) return { problem: `Unknown argument "${positionals[0]}".` };
    return { help: false, options: new Set(Object.keys(values)), operands: positionals };
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('-') && !Object.hasOwn(usage.options ?? {}, arg.slice(2)));
    return { problem: unknown ? `Unknown option "${unknown}".` : String(error) };
  }
};

/** The arguments of this process. Ends it with the help where that is asked for, or where an argument is not known. */
export const argumentsOf = (usage: Usage): { options: Set<string>; operands: string[] } => {
  const given = parseGiven(usage, process.argv.slice(2));
  if ('problem' in given) {
    console.error(`${given.problem}\n\n${helpOf(usage)}`);
    process.exit(1);
  }
  if (!given.help) return given;
  console.log(helpOf(usage));
  process.exit(0);
};
