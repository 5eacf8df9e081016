import { QueryObserver } from '@tanstack/solid-query';
import { expect, test } from 'vitest';
import { createQueryClient, remember } from '../../../web/src/app/cache/queryClient.ts';
import { Problem } from '../../../web/src/lib/problem.ts';

/** A client, and screens of one list; `answers` are its requests, each to be answered by hand. */
const listed = () => {
  const client = createQueryClient();
  const answers: ((names: string[]) => void)[] = [];
  const refusals: ((problem: Problem) => void)[] = [];
  const open = () => {
    const queryFn = () =>
      new Promise<string[]>((resolve, reject) => {
        answers.push(resolve);
        refusals.push(reject);
      });
    const observer = new QueryObserver<string[]>(client, { queryKey: ['monitors'], queryFn, staleTime: 0 });
    return { observer, close: observer.subscribe(() => undefined) };
  };
  return { client, answers, refusals, open };
};

test('a screen never shows an answer that another, left by now, asked for before something changed', async () => {
  const { client, answers, open } = listed();
  const list = open();
  answers[0]?.(['The lighthouse']);
  await expect.poll(() => list.observer.getCurrentResult().data).toEqual(['The lighthouse']);
  void client.invalidateQueries({ queryKey: ['monitors'] });
  list.close();
  void client.invalidateQueries({ queryKey: ['monitors'] });
  const again = open();
  expect(answers).toHaveLength(3);
  answers[1]?.(['The lighthouse']);
  answers[2]?.([]);
  await expect.poll(() => again.observer.getCurrentResult().isFetching).toBe(false);
  expect(again.observer.getCurrentResult().data).toEqual([]);
  again.close();
});

test('a first answer that was on its way when something changed is asked for again', async () => {
  const { client, answers, open } = listed();
  const list = open();
  void client.invalidateQueries({ queryKey: ['monitors'] });
  answers[0]?.(['The lighthouse']);
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.([]);
  await expect.poll(() => list.observer.getCurrentResult().data).toEqual([]);
  expect(answers).toHaveLength(2);
  list.close();
});

test('so is one that was asked for after a first that failed', async () => {
  const { client, answers, refusals, open } = listed();
  const list = open();
  refusals[0]?.(new Problem({ title: 'Not allowed', status: 403 }));
  await expect.poll(() => list.observer.getCurrentResult().isError).toBe(true);
  void list.observer.refetch();
  void client.invalidateQueries({ queryKey: ['monitors'] });
  answers[1]?.(['The lighthouse']);
  await expect.poll(() => answers.length).toBe(3);
  answers[2]?.([]);
  await expect.poll(() => list.observer.getCurrentResult().data).toEqual([]);
  list.close();
});

test('an answer that was on its way when a change was answered does not undo it', async () => {
  const { client, answers, open } = listed();
  const list = open();
  answers[0]?.(['The lighthouse']);
  await expect.poll(() => list.observer.getCurrentResult().data).toEqual(['The lighthouse']);
  void list.observer.refetch();
  remember<string[]>(client, ['monitors'], ['The lighthouse', 'The buoy']);
  answers[1]?.(['The lighthouse']);
  expect(answers).toHaveLength(3);
  answers[2]?.(['The lighthouse', 'The buoy']);
  await expect.poll(() => list.observer.getCurrentResult().isFetching).toBe(false);
  expect(list.observer.getCurrentResult().data).toEqual(['The lighthouse', 'The buoy']);
  list.close();
});
