import type { TopicIdentity } from '#kafka';

/** A topic's id as rows have it; `none` where the cluster gives its topics no ids. */
export function topicIdOf({ topicId }: TopicIdentity): string {
  return topicId ?? 'none';
}
