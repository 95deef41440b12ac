import { describe, expect, it } from '@jest/globals';
import { ACCESS, accessRules, senderRules, subscriberRules } from './access.js';
import { TOPICS } from './topics.js';

const rulesOf = (user: string) =>
  accessRules(
    ACCESS.find((access) => access.user === user)!,
    'q.',
  );

describe('accessRules', () => {
  it('name each resource once', () => {
    for (const access of ACCESS) {
      const names = accessRules(access, 'q.').map(({ resource, name }) => `${resource} ${name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('let somebody make every topic, and an operator read every one', () => {
    const having = (user: string, operation: string): string[] =>
      rulesOf(user).flatMap(({ resource, name, operations }) =>
        resource === 'topic' && (operations as readonly string[]).includes(operation) ? [name] : [],
      );
    const all = TOPICS.map(({ name }) => `q.${name}`).sort();
    expect(having('topics', 'Create').sort()).toEqual(all);
    expect(having('tool', 'Read').sort()).toEqual(all);
  });

  it('join what a user does with one topic', () => {
    expect(rulesOf('projector')).toContainEqual({
      resource: 'topic',
      name: 'q.events.v1',
      operations: ['Read', 'Write'],
    });
  });

  it('give others what they are there for', () => {
    expect(subscriberRules(['message-status.v1'], 'billing', 'q.')).toEqual([
      { resource: 'topic', name: 'q.message-status.v1', operations: ['Read'] },
      { resource: 'group', name: 'billing', operations: ['Read'] },
    ]);
    expect(senderRules('q.')).toEqual([{ resource: 'topic', name: 'q.submissions.v1', operations: ['Write'] }]);
  });
});
