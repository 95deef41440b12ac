/** A field of a message: its number, and its value: a number, or bytes that a schema gives a meaning to. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** What follows the number of a field: https://protobuf.dev/programming-guides/encoding/#structure */
const VARINT = 0;
const EIGHT_BYTES = 1;
const BYTES = 2;
const FOUR_BYTES = 5;

/**
 * The fields of a protobuf message, without a schema.
 * @throws Error for bytes that are none
 */
export function readFields(message: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length;) {
    const [tag, afterTag] = readVarint(message, at);
    const [value, next] = readValue(message, afterTag, Number(tag & 7n));
    fields.push({ number: Number(tag >> 3n), value });
    at = next;
  }
  return fields;
}

function readValue(message: Buffer, at: number, kind: number): [bigint | Buffer, number] {
  switch (kind) {
    case VARINT:
      return readVarint(message, at);
    case EIGHT_BYTES:
      return [message.readBigUInt64LE(at), at + 8];
    case BYTES: {
      const [length, start] = readVarint(message, at);
      const end = start + Number(length);
      return [message.subarray(start, end), end];
    }
    case FOUR_BYTES:
      return [BigInt(message.readUInt32LE(at)), at + 4];
    default:
      throw new Error(`not protobuf: a field of kind ${kind}`);
  }
}

function readVarint(message: Buffer, start: number): [bigint, number] {
  let value = 0n;
  for (let at = start, shift = 0n; ; at += 1, shift += 7n) {
    const byte = message.readUInt8(at);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
}
