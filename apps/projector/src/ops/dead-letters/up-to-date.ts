import { indexDeadLetters, type DeadLetterTopic } from '../../dead-letters/index-dead-letters.js';
import type { OpsContext } from '../ops-context.js';

/** Enters what has come to the topic and no projector has entered yet: a command sees every letter, also with no projector up. */
export async function bringUpToDate(context: OpsContext): Promise<DeadLetterTopic> {
  const { kafka, topics, pool, identities, signal } = context;
  const progress = context.progress('entering', 'dead letters');
  const parts = {
    kafka,
    topic: topics['dead-letters.v1'],
    identify: (topic: string) => identities.current(topic),
    client: pool,
  };
  const topic = await indexDeadLetters(parts, signal, (letters, fraction) => {
    progress.report(letters, fraction);
  });
  progress.end();
  return topic;
}
