import { InfiniteQueryObserver } from '@tanstack/solid-query';
import { expect, test } from 'vitest';
import { nextPage } from '../../../web/src/app/cache/nextPage.ts';
import { createQueryClient } from '../../../web/src/app/cache/queryClient.ts';

const queryKey = ['deliveries'];

/** A list of two pages, the first of which is there; `answer` answers the oldest request for a page that has no answer. */
const listed = async () => {
  const client = createQueryClient();
  const asked: { page: number; resolve: (text: string) => void }[] = [];
  const observer = new InfiniteQueryObserver(client, {
    queryKey,
    queryFn: ({ pageParam: page }) => new Promise<string>((resolve) => asked.push({ page, resolve })),
    initialPageParam: 1,
    getNextPageParam: (_, pages) => (pages.length < 2 ? pages.length + 1 : undefined),
  });
  const close = observer.subscribe(() => undefined);
  const answer = async (page: number, text: string) => {
    await expect.poll(() => asked.at(-1)?.page).toBe(page);
    asked.pop()?.resolve(text);
  };
  const pages = () => observer.getCurrentResult().data?.pages;
  await answer(1, 'old');
  await expect.poll(pages).toEqual(['old']);
  const more = () => nextPage({ data: observer.getCurrentResult().data, fetchNextPage: observer.fetchNextPage });
  return { client, answer, pages, more, close };
};

test('a next page leaves the pages before it no older than they were to be', async () => {
  const { client, answer, pages, more, close } = await listed();
  void client.invalidateQueries({ queryKey });
  const done = more();
  await answer(1, 'new');
  await answer(2, 'next');
  await done;
  expect(pages()).toEqual(['new', 'next']);
  close();
});

test('a next page comes although something new has the list asked for again meanwhile', async () => {
  const { client, answer, pages, more, close } = await listed();
  const done = more();
  void client.invalidateQueries({ queryKey });
  await answer(1, 'new');
  await answer(2, 'next');
  await done;
  expect(pages()).toEqual(['new', 'next']);
  close();
});
