import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, MemberDescription, PartitionAssigner } from 'kafkajs';
import type { KafkaSettings } from './client.js';
import { TransientError } from './errors.js';
import { kafkajs } from './kafkajs/patched.js';
import { withAdmin } from './with-admin.js';

/**
 * Deals partitions out as kafkajs does by itself, and tells the group what this member reads with: in the user data that
 * a member may send with its subscription, which no assigner looks at. So versions that tell nothing share the group.
 * @param reader asked whenever it joins
 */
export function roundRobinTelling(reader: () => string): PartitionAssigner {
  return (context) => {
    const roundRobin = kafkajs.PartitionAssigners.roundRobin(context);
    const { name, version } = roundRobin;
    return {
      ...roundRobin,
      protocol: ({ topics }) => {
        const userData = Buffer.from(reader());
        return { name, metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version, topics, userData }) };
      },
    };
  };
}

/** While a group deals its partitions out anew, the broker does not say what its members subscribe to: ask again, ms. */
const ASK_AGAIN = 250;
/** A group that takes longer has trouble of its own, ms. */
const SETTLED_WITHIN = 30_000;
const SETTLED: ReadonlySet<string> = new Set(['Stable', 'Empty', 'Dead']);

/**
 * What the members of a consumer group that have subscribed to a topic read it with, each once; an empty text for those
 * that do not tell. Empty when nobody reads it now.
 * @throws TransientError when the group does not come to rest
 */
export async function groupReaders(kafka: KafkaSettings, groupId: string, topic: string): Promise<ReadonlySet<string>> {
  const members = (await withAdmin(kafka, (admin) => settledMembers(admin, groupId))).map(({ memberMetadata }) =>
    kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata),
  );
  const subscribed = members.flatMap((member) => (member?.topics.includes(topic) ? [member] : []));
  return new Set(subscribed.map(({ userData }) => userData.toString()));
}

async function settledMembers(admin: Admin, groupId: string): Promise<readonly MemberDescription[]> {
  for (let waited = 0; waited < SETTLED_WITHIN; waited += ASK_AGAIN) {
    const { groups } = await admin.describeGroups([groupId]);
    const group = groups[0]!;
    if (SETTLED.has(group.state)) return group.members;
    await sleep(ASK_AGAIN);
  }
  throw new TransientError(`the consumer group ${groupId} does not come to rest`);
}
