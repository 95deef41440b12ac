import type { TopicName } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { header, type Installation } from '../system/installation.js';

const COUNTED = ['message-status.v1', 'review-status.v1', 'account-status.v1'] as const satisfies readonly TopicName[];

/** What subscribers were told. */
export interface Told {
  /** Records that repeat an earlier one to the letter: allowed, a subscriber drops them by their id. */
  readonly repeated: number;
  /** What breaks the rule, for people. */
  readonly wrong: readonly string[];
}

/**
 * The rule of docs/subscribing.md: for each key revisions from 1 without a gap, at least once each; whatever has the same
 * key and revision has the same id and says the same; what a person sent is told once under its id.
 */
export async function subscriberRule(installation: Installation): Promise<Told> {
  const wrong: string[] = [];
  let repeated = 0;
  const remember = (known: Map<string, string>, name: string, says: string, topic: TopicName): boolean => {
    const before = known.get(name);
    known.set(name, says);
    if (before === undefined) return true;
    repeated += 1;
    if (before !== says) wrong.push(`${topic}: two different records for ${name}`);
    return false;
  };

  for (const topic of COUNTED) {
    const known = new Map<string, string>();
    const revisions = new Map<string, Set<number>>();
    for (const record of await installation.records(topic)) {
      const key = header(record, 'ce_subject');
      const { revision } = JSON.parse(textOf(record)) as { readonly revision: number };
      if (!remember(known, `${key} revision ${revision}`, `${header(record, 'ce_id')} ${textOf(record)}`, topic))
        continue;
      revisions.set(key, (revisions.get(key) ?? new Set()).add(revision));
    }
    for (const [key, seen] of revisions) {
      if (Math.max(...seen) !== seen.size || Math.min(...seen) !== 1) wrong.push(`${topic}: a gap in ${key}`);
    }
  }
  const known = new Map<string, string>();
  for (const record of await installation.records('mobile-originated.v1')) {
    remember(known, header(record, 'ce_id'), textOf(record), 'mobile-originated.v1');
  }
  return { repeated, wrong };
}

function textOf(record: IncomingRecord): string {
  return record.value?.toString('utf8') ?? '';
}
