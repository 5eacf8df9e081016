import { expect, test } from 'vitest';
import { defaultPolicySettings } from '../../../worker/domain/verdict/checkPolicy.ts';
import { type PreviewSettings, previewOf } from '../../../worker/domain/verdict/preview.ts';

const ordinary: PreviewSettings = {
  ...defaultPolicySettings,
  intervalSeconds: 30,
  timeoutMs: 10_000,
  regionCount: 3,
};
const preview = (given: Partial<PreviewSettings> = {}) => previewOf({ ...ordinary, ...given });

test('three regions at 30 s detect an outage within 15 s', () => {
  expect(preview()).toEqual({
    outage: { least: 2, most: 15 },
    hang: { least: 22, most: 34 },
    recovery: { least: 2, most: 15 },
    alone: 'never',
    stale: 1,
  });
});

test.each([
  ['any', 4, 3],
  ['majority', 4, 1],
  ['all', 4, 1],
  ['majority', 5, 2],
  ['all', 6, 2],
  [2, 6, 4],
  [5, 6, 2],
  ['all', 8, 3],
  ['all', 1, 0],
] as const)('with a quorum of %s of %i, an outage is notified while %i are stale', (quorum, regionCount, stale) => {
  expect(preview({ quorum, regionCount }).stale).toBe(stale);
});

test.each([
  ['majority', 1, 'only'],
  ['any', 1, 'only'],
  ['any', 3, 'alerts'],
  [1, 8, 'alerts'],
  [2, 2, 'pair'],
  ['majority', 2, 'pair'],
  ['any', 2, 'alerts'],
  ['all', 3, 'never'],
  [2, 8, 'never'],
] as const)('with a quorum of %s of %i, one region alone: %s', (quorum, regionCount, alone) => {
  expect(preview({ quorum, regionCount }).alone).toBe(alone);
});

test('a period is waited for in full, a timeout at least once', () => {
  const { outage, recovery } = preview();
  const waited = preview({ confirmationPeriodSeconds: 600, recoveryPeriodSeconds: 90 });
  expect(waited.outage).toEqual({ least: outage.least + 600, most: outage.most + 600 });
  expect(waited.recovery).toEqual({ least: recovery.least + 90, most: recovery.most + 90 });
  expect(preview({ timeoutMs: 60_000 }).hang.least).toBeGreaterThanOrEqual(60);
});

test('every setting that the API accepts has a bound that the preview can show', () => {
  for (const intervalSeconds of [10, 3_600])
    for (const timeoutMs of [1_000, 60_000])
      for (const regionCount of [1, 2, 8])
        for (const confirmations of [1, 8])
          for (const quorum of ['any', 'majority', 'all'] as const) {
            const settings = { intervalSeconds, timeoutMs, regionCount, confirmations, quorum };
            const { outage, hang, recovery } = preview({ ...settings, recoveryConfirmations: confirmations });
            for (const { least, most } of [outage, hang, recovery]) {
              expect([settings, Number.isFinite(most)]).toEqual([settings, true]);
              expect(least).toBeLessThanOrEqual(most);
            }
          }
});
