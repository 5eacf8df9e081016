import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsOf } from './support/faults.ts';
import { photograph, type Stage, useStage, within } from './support/stack.ts';

const stage = useStage('policy');
let stack: Stage['stack'];
let page: Page;
let complaints: string[];

beforeAll(() => {
  ({ stack, page, complaints } = stage());
});

const preview = () => page.getByTestId('alert-preview');
const expectPreview = (text: RegExp) => expect.poll(() => preview().textContent()).toMatch(text);

test('the form of a monitor shows what to expect while typing, and so does the page of the monitor', async () => {
  const { origin } = stack.pharos;
  await page.request.post(`${origin}/api/v1/auth/signup`, {
    data: { email: 'ada@policy.example.com', password: 'a lighthouse by the sea' },
    headers: { origin },
  });
  await page.goto(`${origin}/monitors/new`);
  await page.getByLabel('Address to monitor').fill('http://127.0.0.1:9/');
  await expectPreview(
    /^Typical alert delay: 2–15 s, or .* A failure in one region never alerts you\. If more than 1 region sends no data, the status is unknown instead of down\.$/,
  );
  await page.locator('summary').first().click();

  await page.getByLabel('Any one region').check();
  await expectPreview(/A failure in any region alerts you\.$/);
  await page.getByLabel('Confirmation period (seconds)').fill('60');
  await expectPreview(/^Typical alert delay: 62–75 s/);
  await page.getByLabel('Failures before a region is down').fill('0');
  await expectPreview(/cannot be calculated\. Enter a whole number of checks from 1 to 8\.$/);
  await page.getByLabel('Failures before a region is down').fill('3');

  await page.getByLabel('A number of regions').check();
  await page.getByLabel('Required regions').fill('5');
  await page.getByRole('button', { name: 'Create monitor' }).click();
  await page.getByText('Only 3 regions are selected, so at most 3 can agree.', { exact: true }).waitFor();
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Required regions');
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'policy-form');

  await page.getByLabel('Required regions').fill('2');
  await page.getByRole('button', { name: 'Create monitor' }).click();
  await page.getByText('Down when 2 of 3 regions fail 3 times in a row for at least 1 minute').waitFor(within(10));
  await photograph(page, 'policy-line');

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('heading', { name: 'Edit monitor' }).waitFor();
  await page.locator('summary').first().click();
  expect(await page.getByLabel('A number of regions').isChecked()).toBe(true);
  expect(await page.getByLabel('Confirmation period (seconds)').inputValue()).toBe('60');
  await page.getByRole('checkbox', { name: 'North America, east', exact: true }).uncheck();
  await expectPreview(
    /If one of the two regions sends no data, the status is unknown instead of down; add a third region to avoid this\.$/,
  );
  await page.getByRole('checkbox', { name: 'Asia-Pacific', exact: true }).uncheck();
  await expectPreview(/Only 1 region is selected, so at most 1 can agree\.$/);
  await page.getByText('Only one region is selected, so this setting has no effect').waitFor();
  await page.getByLabel('Most regions').check();
  await expectPreview(/Only one region is selected, so its failures alert you\.$/);
  await photograph(page, 'policy-single');

  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByLabel('Name of header 1').fill('X-Token');
  await page.getByLabel('Value of header 1').fill('of-somebody');
  await page.reload();
  await page.getByText('except for secrets', { exact: false }).waitFor(within(10));
  await page.locator('summary').first().click();
  expect(await page.getByLabel('Most regions').isChecked()).toBe(true);
  expect(await page.getByLabel('Name of header 1').count()).toBe(0);
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('of-somebody');
  expect(await faultsOf(page)).toEqual([]);
  await photograph(page, 'policy-again');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  expect(await page.getByLabel('A number of regions').isChecked()).toBe(true);
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
  expect(complaints).toEqual([]);
});
