/**
 * The one request that kafkajs lacks: Metadata version 10, the first that tells topic ids (KIP-516). From version 9 on
 * the request is flexible (KIP-482): lengths are varints of one more than the length, and every structure ends with
 * tagged fields, also the heads of request and answer. kafkajs writes and reads heads without them, so the byte that
 * says "none" stands at the front of the body instead: the bytes on the wire are the same.
 * https://kafka.apache.org/protocol#The_Messages_Metadata
 */

/** Which topic of a name this is, in Kafka's own texts. */
export interface TopicIdentity {
  readonly clusterId: string | null;
  /** Base64 without padding, as Kafka's own tools show it; null: the cluster gives topics no ids. */
  readonly topicId: string | null;
}

/** What the broker said about one topic. */
export interface TopicIdentityAnswer extends TopicIdentity {
  /** https://kafka.apache.org/protocol#protocol_error_codes; 0: none. */
  readonly errorCode: number;
}

/** Metadata, by its number and the version that is written here. */
export const METADATA = { apiKey: 3, apiVersion: 10 } as const;

const NO_TAGS = 0;
const NO_TOPIC_ID = Buffer.alloc(16);

/** The request for one topic, and how its answer is read, as kafkajs' connections take them. */
export function topicIdentityRequest(topic: string) {
  return {
    request: {
      ...METADATA,
      apiName: 'Metadata',
      encode: () => {
        const buffer = encodeRequest(topic);
        return Promise.resolve({ buf: buffer, buffer });
      },
    },
    response: {
      decode: (payload: Buffer) => Promise.resolve(decodeAnswer(payload)),
      parse: (answer: TopicIdentityAnswer) => Promise.resolve(answer),
    },
  };
}

/** What follows client id in a request for one topic. */
export function encodeRequest(topic: string): Buffer {
  const name = Buffer.from(topic, 'utf8');
  return Buffer.concat([
    Buffer.from([NO_TAGS]), // ends the head
    varint(2), // one topic
    NO_TOPIC_ID,
    varint(name.length + 1),
    name,
    Buffer.from([NO_TAGS]),
    Buffer.from([0, 0, 0]), // no topic is made, and nobody's rights are asked for
    Buffer.from([NO_TAGS]),
  ]);
}

/**
 * Reads what follows the correlation id of the answer, up to the id of the only topic.
 * @throws RangeError when the answer is not one
 */
export function decodeAnswer(payload: Buffer): TopicIdentityAnswer {
  const reader = new FlexibleReader(payload);
  reader.skipTags(); // of the head
  reader.skip(4); // throttle time
  for (let brokers = reader.count(); brokers > 0; brokers--) {
    reader.skip(4); // node id
    reader.text();
    reader.skip(4); // port
    reader.text();
    reader.skipTags();
  }
  const clusterId = reader.text();
  reader.skip(4); // controller
  if (reader.count() !== 1) throw new RangeError('the answer is not about one topic');
  const errorCode = reader.int16();
  reader.text();
  const id = reader.bytes(16);
  return { clusterId, topicId: id.equals(NO_TOPIC_ID) ? null : id.toString('base64url'), errorCode };
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Reads the types of flexible versions, one after the other. */
class FlexibleReader {
  #at = 0;

  constructor(readonly buffer: Buffer) {}

  int16(): number {
    return this.bytes(2).readInt16BE();
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.buffer.length) throw new RangeError('the answer ends early');
    const bytes = this.buffer.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  skip(length: number): void {
    this.bytes(length);
  }

  /** How many elements an array has; 0 where there is none. */
  count(): number {
    return Math.max(0, this.#varint() - 1);
  }

  /** A text, or null. */
  text(): string | null {
    const length = this.#varint() - 1;
    return length < 0 ? null : this.bytes(length).toString('utf8');
  }

  skipTags(): void {
    for (let tags = this.#varint(); tags > 0; tags--) {
      this.#varint();
      this.skip(this.#varint());
    }
  }

  #varint(): number {
    let number = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes(1)[0]!;
      number += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return number;
    }
    throw new RangeError('a length of more than five bytes');
  }
}
