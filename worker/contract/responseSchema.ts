import type { z } from 'zod';

/** The schema of a response. It is built when it is first asked for: all of them together cost 30 ms of CPU at startup. */
export type ResponseSchema<S extends z.ZodType = z.ZodType> = () => S;

/** The value that a response schema describes. */
export type Shape<R extends ResponseSchema> = z.output<ReturnType<R>>;

export const responseSchema = <S extends z.ZodType>(build: () => S): ResponseSchema<S> => {
  let built: S | undefined;
  return () => {
    built ??= build();
    return built;
  };
};

/** Throws where the JSON of the value has a field that the schema does not know, or lacks one. */
export const requireShape = (what: string, schema: ResponseSchema, value: unknown): void => {
  const parsed = schema().safeParse(JSON.parse(JSON.stringify(value)));
  if (!parsed.success) throw new Error(`${what} does not fit its schema: ${JSON.stringify(parsed.error.issues)}`);
};
