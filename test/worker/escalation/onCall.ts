import { expect } from 'vitest';
import type { OnCallScheduleView, PersonView } from '../../../worker/contract/views.ts';
import { seedWebhook } from '../channels/alerting.ts';
import { bodyOf, type signUp } from '../support/client.ts';

export type Owner = Awaited<ReturnType<typeof signUp>>;

/** A webhook that the default policy does not notify. */
export const seedOwnHook = async (owner: Owner, url: string) => {
  const channel = await seedWebhook(owner.team.id, url, { join: false });
  return channel.id;
};

export const seedPerson = async (owner: Owner, name: string, channelIds: string[] = []) => {
  const response = await owner.post('/api/v1/people', { name, channelIds });
  expect(response.status).toBe(201);
  return bodyOf<PersonView>(response);
};

const isoWall = (ms: number) => new Date(ms).toISOString().slice(0, 16);

/** On the clocks of UTC, `ms` from now. */
export const wallIn = (ms: number) => isoWall(Date.now() + ms);

export const layerOf = (participants: string[], given: Record<string, unknown> = {}) => ({
  name: 'First',
  participants,
  startsAt: '2026-01-05T09:00',
  rotation: { count: 1, unit: 'weeks' },
  ...given,
});

export const seedSchedule = async (owner: Owner, name: string, layers: unknown[], timeZone = 'UTC') => {
  const response = await owner.post('/api/v1/on-call', { name, timeZone, layers });
  expect(response.status).toBe(201);
  return bodyOf<OnCallScheduleView>(response);
};

export const setSteps = async (owner: Owner, steps: { afterSeconds?: number; targets: unknown[] }[]) => {
  const full = steps.map((step) => ({ afterSeconds: 0, ...step }));
  const response = await owner.patch('/api/v1/escalation-policies/default', { steps: full });
  expect(response.status).toBe(200);
};
