import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegionView } from '../../worker/contract/views.ts';
import { photograph, type Stage, useStage, widthOverflow, within } from './support/stack.ts';
import { startBreakableTarget } from './support/target.ts';

const stage = useStage('dependencies');
let stack: Stage['stack'];
let database: Stage['target'];
let shop: Stage['target'];
let page: Page;
let complaints: string[];

beforeAll(async () => {
  ({ stack, target: database, page, complaints } = stage());
  shop = await startBreakableTarget();
});

afterAll(() => shop?.stop());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dependencies = () => page.getByRole('region', { name: 'Dependencies' });
const up = () => page.locator('.verdict.large', { hasText: 'Up' }).waitFor(within(15));
const down = () => page.locator('.verdict.large', { hasText: 'Down' }).waitFor(within(30));

const watch = async (name: string, url: string) => {
  await page.goto(`${stack.pharos.origin}/monitors/new`);
  await page.getByLabel('Address to monitor').fill(url);
  await page.getByLabel('Name').fill(name);
};

test('a monitor is made to depend on another, found by its name, and each says so', async () => {
  await page.goto(`${stack.pharos.origin}/sign-up`);
  await page.getByLabel('E-mail').fill('katherine@dependencies.example.com');
  await page.getByLabel('Password', { exact: true }).fill('a lighthouse by the sea');
  await page.getByRole('button', { name: /sign up|create/i }).click();
  await page.getByLabel('Address to monitor').waitFor(within(10));
  await watch('Database', database.url);
  await button('Create monitor').click();
  await up();
  await watch('Shop', shop.url);
  await page.getByText('Advanced').click();
  await page.getByLabel('Depends on').fill('data');
  await page.getByRole('group', { name: 'Available dependencies' }).getByRole('button', { name: 'Database' }).click();
  await button('Remove dependency on Database').waitFor();
  expect(await widthOverflow(page)).toBe(0);
  await photograph(page, 'dependency-form');
  await button('Create monitor').click();
  await up();
  await dependencies().getByRole('link', { name: 'Database' }).click();
  await page.getByRole('heading', { level: 1, name: 'Database' }).waitFor();
  await dependencies().getByRole('link', { name: 'Shop' }).waitFor();
  await photograph(page, 'dependents');
});

test('a circle is refused with the way round', async () => {
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByText('Advanced').click();
  await page.getByRole('group', { name: 'Available dependencies' }).getByRole('button', { name: 'Shop' }).click();
  await button('Save changes').click();
  await page
    .locator('.field-error', { hasText: 'These dependencies form a cycle: Database → Shop → Database.' })
    .waitFor(within(5));
  await button('Remove dependency on Shop').click();
  await button('Save changes').click();
  await dependencies().getByRole('link', { name: 'Shop' }).waitFor(within(5));
});

test('a monitor that fails with its dependency alerts nobody, and its timeline gives the reason', async () => {
  database.answerError();
  shop.answerError();
  await button('Check now').click();
  await down();
  await dependencies().getByRole('link', { name: 'Shop' }).click();
  await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor();
  await button('Check now').click();
  await down();
  await dependencies().locator('[data-verdict=down]').waitFor(within(5));
  await page.getByRole('link', { name: 'Unexpected HTTP status 500' }).click();
  await page.getByText('Alert suppressed: it depends on Database, which is down.').waitFor(within(10));
  expect(await page.locator('[data-testid=event][data-kind=alert]').count()).toBe(0);
  expect(await widthOverflow(page)).toBe(0);
  await photograph(page, 'suppressed');
});

test('a distrusted region is named where monitors use it', async () => {
  // How a region comes to be distrusted is tested in workerd: here it is only said so.
  await page.route('**/api/v1/regions', async (route) => {
    const answer = await route.fetch();
    const { data, ...rest } = (await answer.json()) as { data: RegionView[] };
    const since = new Date(Date.now() - 60_000).toISOString();
    const distrusted = { since, failing: 40, monitors: 42, references: null };
    await route.fulfill({
      response: answer,
      json: { ...rest, data: data.map((region) => (region.id === 'apac' ? { ...region, distrusted } : region)) },
    });
  });
  await page.goto(`${stack.pharos.origin}/monitors`);
  await page.getByText('40 of 42 monitors failed from this region and passed elsewhere').waitFor(within(10));
  expect(await widthOverflow(page)).toBe(0);
  await photograph(page, 'distrusted');
  expect(complaints.filter((complaint) => !complaint.includes('400'))).toEqual([]);
});
