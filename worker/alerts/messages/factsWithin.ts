import { factsOf, fitFact } from './facts.ts';
import { inCharacters, type Measure } from './fit.ts';
import type { AlertMessage } from './message.ts';

interface Place {
  /** For all facts together, as `measure` counts. */
  total: number;
  /** For one value. */
  each: number;
  /** What the receiver's format adds to a fact. */
  overhead?: number;
  /** At most so many facts. */
  count?: number;
  measure?: Measure;
  /** Escapes a line; what it makes of the line counts. */
  shown?: (line: string) => string;
  /** Between two lines of a value. */
  join?: string;
}

export interface WrittenEvent {
  name: string;
  value: string;
  /** Has few words, so that two fit beside each other. */
  isShort: boolean;
}

/** The facts of a message as a receiver takes them, each in a field of its own: the last ones are cut or left out. */
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
