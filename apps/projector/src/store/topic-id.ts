import type { TopicIdentity } from '#kafka';

/**
 * In which way a position was stored in another topic than the one of that name that there is now; null: in none. An id
 * that nobody knows is taken for the same.
 */
export function otherTopic(stored: TopicIdentity, current: TopicIdentity): 'another-cluster' | 'made-anew' | null {
  if (differ(stored.clusterId, current.clusterId)) return 'another-cluster';
  return differ(stored.topicId, current.topicId) ? 'made-anew' : null;
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

/** A topic's id as rows have it; `none` where the cluster gives its topics no ids. */
export function topicIdOf({ topicId }: TopicIdentity): string {
  return topicId ?? 'none';
}
