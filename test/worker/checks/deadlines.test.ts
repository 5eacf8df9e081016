import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Deadlines } from '../../../worker/objects/deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('each deadline passes in its time, in any order of creation', () => {
  const deadlines = new Deadlines();
  const startedAt = Date.now();
  const passed: [string, number][] = [];
  const set = (name: string, ms: number) => deadlines.set(ms, () => passed.push([name, Date.now() - startedAt]));
  set('long', 10_000);
  set('short', 500);
  set('as short', 500);
  vi.advanceTimersByTime(400);
  set('later', 500);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(20_000);
  expect(passed).toEqual([
    ['short', 500],
    ['as short', 500],
    ['later', 900],
    ['long', 10_000],
  ]);
});

test('a cancelled deadline does not pass, and leaves no timer behind', () => {
  const deadlines = new Deadlines();
  const pass = vi.fn();
  const first = deadlines.set(500, pass);
  const second = deadlines.set(1_000, pass);
  first.lift();
  vi.advanceTimersByTime(700);
  expect(pass).not.toHaveBeenCalled();
  second.lift();
  expect(vi.getTimerCount()).toBe(0);
  const third = deadlines.set(100, pass);
  vi.advanceTimersByTime(100);
  expect(pass).toHaveBeenCalledOnce();
  third.lift();
  expect(vi.getTimerCount()).toBe(0);
});
