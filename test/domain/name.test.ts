import { expect, test } from 'vitest';
import { changeEscalationPolicySchema } from '../../worker/domain/escalation/policy.ts';
import { changeOnCallScheduleSchema } from '../../worker/domain/onCallSchedule.ts';
import { changePersonSchema } from '../../worker/domain/person.ts';

const named = {
  policy: changeEscalationPolicySchema,
  person: changePersonSchema,
  schedule: changeOnCallScheduleSchema,
};

const refused: [what: string, name: unknown, says: RegExp][] = [
  ['no text', 5, /^Give the \w+ a name\.$/],
  ['nothing', '', /^Give the \w+ a name\.$/],
  ['blanks', ' \t', /^Give the \w+ a name\.$/],
  ['a space without width', '\u200b', /^Give the \w+ a name\.$/],
  ['two lines', 'a\nb', /on one line/],
  ['NUL', 'a\0b', /on one line/],
  ['half a surrogate pair', 'a\ud800', /on one line/],
  ['too long a text', 'x'.repeat(101), /at most 100 characters/],
];

test.for(refused)('%s is no name of a policy, a person or a schedule', ([, name, says]) => {
  for (const schema of Object.values(named)) expect(schema.safeParse({ name }).error?.issues[0]?.message).toMatch(says);
});

test.for([' Ada ', '田中', '🚨', 'Złoty “night”, <b>'])('%s is one, without blanks around it', (name) => {
  for (const schema of Object.values(named)) expect(schema.parse({ name })).toEqual({ name: name.trim() });
});
