import { factsOf, fitFact } from './facts.ts';
import { inCharacters, type Measure } from './fit.ts';
import type { AlertMessage } from './message.ts';

interface Place {
  /** For all facts together, as `measure` counts. */
  total: number;
  /** For one value. */
  each: number;
  /** Overhead of the receiver's format per fact. */
  overhead?: number;
  /** At most this many facts. */
  count?: number;
  measure?: Measure;
  /** Escapes a line; the escaped text counts. */
  shown?: (line: string) => string;
  /** Between two lines of a value. */
  join?: string;
}

export interface WrittenEvent {
  name: string;
  value: string;
  /** Short enough for two facts side by side. */
  isShort: boolean;
}

/** The facts of a message for a receiver, each in a field of its own: the last ones are cut or omitted. */
export const factsWithin = (message: AlertMessage, place: Place): WrittenEvent[] => {
  const { each, overhead = 0, shown = (line) => line, measure = inCharacters, join } = place;
  let left = place.total;
  return factsOf(message)
    .slice(0, place.count)
    .flatMap((fact) => {
      const name = shown(fact.name);
      const around = measure(name) + overhead;
      const max = Math.min(each, left - around);
      const value = fitFact(fact, { max, measure, shown, ...(join === undefined ? {} : { join }) });
      if (value === '') return [];
      left -= around + measure(value);
      return [{ name, value, isShort: fact.value.length < 40 }];
    });
};
