/** A place in Kafka, as events and dead letters name it. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

const POSITION = /^(.+)\/(\d{1,9})\/(\d{1,19})$/;

/** Reads `topic/partition/offset`; null where it is none. */
export function positionOf(text: string | null | undefined): Position | null {
  const match = POSITION.exec(text ?? '');
  if (match === null) return null;
  return { topic: match[1]!, partition: Number(match[2]), offset: BigInt(match[3]!) };
}
