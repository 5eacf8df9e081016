import { describe, expect, test } from 'vitest';
import {
  type PolicyChoice,
  type PolicyHolder,
  type PolicyMatch,
  resolvePolicy,
} from '../../../worker/domain/escalation/resolvePolicy.ts';

const policy = (id: string, createdAt: number, tags: string[] = []): PolicyChoice => ({
  id,
  createdAt,
  tags,
  isDefault: id === 'default',
});

const policies = [
  policy('default', 0),
  policy('newer', 3, ['shop', 'web']),
  policy('older', 2, ['web', 'api']),
  policy('other', 1, ['mail']),
];

describe('a monitor goes by', () => {
  test.for<[name: string, given: Partial<PolicyHolder>, expected: { id: string } & PolicyMatch]>([
    ['the default', {}, { id: 'default', because: 'default' }],
    ['the default where its tags lead to nothing', { tags: ['lab'] }, { id: 'default', because: 'default' }],
    ['the policy of its tag', { tags: ['lab', 'shop'] }, { id: 'newer', because: 'tag', tag: 'shop' }],
    ['the oldest of several', { tags: ['shop', 'web'] }, { id: 'older', because: 'tag', tag: 'web' }],
    [
      'its own before that of its tag',
      { tags: ['web'], escalationPolicyId: 'newer' },
      { id: 'newer', because: 'monitor' },
    ],
    ['the default as its own', { tags: ['web'], escalationPolicyId: 'default' }, { id: 'default', because: 'monitor' }],
    [
      'the policy of its tag if its own was deleted',
      { tags: ['api'], escalationPolicyId: 'gone' },
      { id: 'older', because: 'tag', tag: 'api' },
    ],
  ])('%s', ([, given, { id, ...reason }]) => {
    const found = resolvePolicy({ tags: [], escalationPolicyId: null, ...given }, policies);
    expect(found).toEqual({ policy: policies.find((one) => one.id === id), ...reason });
  });

  test('nothing where the team has no policy yet', () => {
    expect(resolvePolicy({ tags: ['web'], escalationPolicyId: null }, [])).toBeNull();
  });
});
