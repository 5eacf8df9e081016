import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { photograph, type Stage, signUp, useStage, widthOverflow, within } from './support/stack.ts';

const stage = useStage('incident');
let stack: Stage['stack'];
let target: Stage['target'];
let page: Page;
let complaints: string[];

beforeAll(() => {
  ({ stack, target, page, complaints } = stage());
});

const event = (kind: string) => page.locator(`[data-testid=event][data-kind=${kind}]`);
const button = (name: string) => page.getByRole('button', { name, exact: true });
const state = (name: 'open' | 'resolved') => page.locator(`[data-testid=incident-headline][data-state=${name}]`);

const markdown = [
  '## What happened',
  'A **bad** deployment. See [the log](https://example.com/log).',
  '<script>document.title = "broken in"</script>',
  '[trap](javascript:alert(1)) ![pixel](https://example.com/pixel.png)',
].join('\n\n');

test('an outage becomes an incident with its timeline', async () => {
  await signUp(page, stack.pharos.origin, 'grace@incident.example.com');
  await page.getByLabel('Address to monitor').fill(target.url);
  await button('Create monitor').click();
  await page.locator('.verdict.large', { hasText: 'Up' }).waitFor(within(15));
  await target.answerError();
  await button('Check now').click();
  await page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(30));
  await page.getByRole('link', { name: 'Unexpected HTTP status 500' }).click();
  await state('open').waitFor(within(5));
  await event('failed').waitFor(within(5));
  await event('confirmed').waitFor(within(5));
  // A region that was still asked joins the others later, and stands where its check began.
  await expect.poll(() => event('evidence').count(), within(30)).toBe(3);
});

test('the answer of the target is shown as text and without its secrets', async () => {
  // A region whose body came too late has headers alone.
  for (const each of await event('evidence').all()) await each.getByText('Response').click();
  const evidence = event('evidence').filter({ hasText: 'Out of order' }).first();
  await evidence.getByText('<h1 id="broken">Out of order</h1>').waitFor(within(5));
  expect(await page.locator('#broken').count()).toBe(0);
  expect(await evidence.innerText()).toMatch(/set-cookie\s+••••••••/);
  expect(await page.content()).not.toContain('very-secret');
  expect(await widthOverflow(page)).toBeLessThanOrEqual(0);
  await photograph(page, 'incident-open');
});

test('a person acknowledges and comments, and loses nothing when the network is away', async () => {
  await page.context().setOffline(true);
  await button('Acknowledge').click();
  await page.getByText('Pharos could not be reached').waitFor(within(5));
  await button('Acknowledge').waitFor(within(5));
  await page.context().setOffline(false);
  await button('Acknowledge').click();
  await event('acknowledged').filter({ hasText: 'grace@incident.example.com' }).waitFor(within(5));
  expect(await button('Acknowledge').count()).toBe(0);
  await page.getByLabel('Comment').fill('<b>Looking</b> into it');
  await page.context().setOffline(true);
  await button('Add comment').click();
  await page.getByText('Pharos could not be reached').waitFor(within(5));
  expect(await page.getByLabel('Comment').inputValue()).toBe('<b>Looking</b> into it');
  await photograph(page, 'incident-offline');
  await page.context().setOffline(false);
  await page.reload();
  await page.getByLabel('Comment').waitFor(within(10));
  expect(await page.getByLabel('Comment').inputValue()).toBe('<b>Looking</b> into it');
  await button('Add comment').click();
  await event('comment').filter({ hasText: '<b>Looking</b> into it' }).waitFor(within(5));
  expect(await page.getByLabel('Comment').inputValue()).toBe('');
});

test('a comment that is too long is refused at its field and stays there', async () => {
  await page.getByLabel('Comment').fill('x'.repeat(4_001));
  await button('Add comment').click();
  await page.getByText('A comment can have at most 4,000 characters.').waitFor(within(5));
  expect((await page.getByLabel('Comment').inputValue()).length).toBe(4_001);
});

test('a comment of a megabyte is refused in words, and what was typed is still there after a reload', async () => {
  await page.getByLabel('Comment').fill('x'.repeat(1024 * 1024));
  await button('Add comment').click();
  await page.getByText('Shorten the text.').waitFor(within(10));
  await page.reload();
  await page.getByLabel('Comment').waitFor(within(10));
  expect((await page.getByLabel('Comment').inputValue()).length).toBe(1024 * 1024);
  await page.getByLabel('Comment').fill('');
});

test('they write cause and post-mortem, see a preview, and nothing in it runs', async () => {
  await button('Write').click();
  await page.getByRole('textbox', { name: /^Cause/ }).fill('A bad deployment');
  await page.getByRole('textbox', { name: /^Post-mortem/ }).fill(markdown);
  await button('Preview').click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor(within(5));
  await photograph(page, 'incident-preview');
  await button('Save').click();
  await event('post-mortem').waitFor(within(5));
  const written = page.locator('.markdown');
  await written.getByRole('heading', { name: 'What happened' }).waitFor(within(5));
  expect(await written.innerText()).toContain('<script>document.title');
  expect(await written.locator('script, img').count()).toBe(0);
  expect(await written.getByText('trap').getAttribute('href')).toBeNull();
  expect(await written.getByText('the log').getAttribute('rel')).toContain('noopener');
  expect(await page.title()).toContain('Incident of');
});

test('they resolve it by hand and reopen it, and the recovery appears live', async () => {
  await button('Resolve').click();
  await button('Resolve incident').waitFor(within(5));
  await photograph(page, 'incident-resolve');
  await button('Resolve incident').click();
  await state('resolved').waitFor(within(5));
  await event('resolved').waitFor(within(5));
  await button('Reopen').click();
  await state('open').waitFor(within(5));
  await target.mend();
  await event('recovered').waitFor(within(60));
  await state('resolved').waitFor(within(5));
  expect(await widthOverflow(page)).toBeLessThanOrEqual(0);
  await photograph(page, 'incident-resolved');
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await widthOverflow(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('an incident that there is not is said not to be there', async () => {
  await page.goto(`${stack.pharos.origin}/incidents/inc_none`);
  await page.getByText('No such incident exists.').waitFor(within(10));
  await photograph(page, 'incident-none');
  await page.getByRole('link', { name: 'All incidents' }).click();
  await page.getByTestId('incident').first().waitFor(within(5));
  await photograph(page, 'incidents');
});

test('the browser had nothing to complain about', () => {
  // Chromium reports refused and missing pages as failed resources.
  const expected = /status of 4(0[014]|13)|ERR_INTERNET_DISCONNECTED|\/live' failed/;
  expect(complaints.filter((text) => !expected.test(text))).toEqual([]);
});
