import { QueryObserver } from '@tanstack/solid-query';
import { expect, test } from 'vitest';
import { createQueryClient } from '../../web/src/queryClient.ts';

test('a screen never shows an answer that another, left by now, asked for before something changed', async () => {
  const client = createQueryClient();
  const answers: ((names: string[]) => void)[] = [];
  const open = () => {
    const queryFn = () => new Promise<string[]>((resolve) => answers.push(resolve));
    const observer = new QueryObserver<string[]>(client, { queryKey: ['monitors'], queryFn, staleTime: 0 });
    return { observer, close: observer.subscribe(() => undefined) };
  };
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
