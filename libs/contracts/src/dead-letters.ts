/** Why something ended as a dead letter. A closed list; docs/errors.md explains each and is held in step by a test. */
export const DEAD_LETTER_CODES = {
  HEADERS_INVALID: 'a header that every record of this topic carries is missing or malformed',
  SOURCE_UNKNOWN: 'the receipt names a source that is not in the configuration',
  ACCOUNT_UNKNOWN: 'the submission names an account that is not in the configuration, or not at that provider',
  ENCODING_UNSUPPORTED: 'the content-encoding is not one of gzip, deflate, br, identity',
  ENCODING_BROKEN: 'the body does not unpack with its content-encoding',
  BODY_TOO_LARGE: 'the body unpacks to more than is allowed',
  BODY_NOT_UTF8: 'the body is not UTF-8',
  BODY_NOT_JSON: 'the body is not JSON',
  BODY_NOT_FORM: 'the body is neither form encoded nor JSON',
  BODY_NOT_RECEIPTS: 'the body is JSON, but neither an object nor an array',
  ELEMENT_NOT_OBJECT: 'an element of the body is not an object',
  ELEMENT_TOO_DEEP: 'an element is nested deeper than is allowed',
  ELEMENT_TOO_LARGE: 'the event made from an element is larger than a record may be',
  ELEMENTS_UNREADABLE: 'so many elements of the body cannot be read that it is put aside as a whole',
  FIELD_MISSING: 'a field that identifies the fact is missing',
  FIELD_INVALID: 'a field that identifies the fact cannot be read',
  RECEIPT_TYPE_MISMATCH: 'the element is not of the type that its source is configured for',
  EVENT_INVALID: 'the event does not keep its contract',
  EVENT_TYPE_UNKNOWN: 'the event is of a type that this version does not know',
  AGGREGATE_FULL: 'there are more facts about this message, review or account than any has',
  STORE_REFUSED: 'the database refuses this value and always will',
  UNEXPLAINED: 'processing this record alone fails again and again while everything it needs is well',
} as const;

/** One of the closed list. */
export type DeadLetterCode = keyof typeof DEAD_LETTER_CODES;

/** Header names that a dead letter has beside those it came with. */
export const DEAD_LETTER_HEADERS = {
  code: 'dead-letter-code',
  /** The shape of the problem, never content: no numbers or texts of people. */
  detail: 'dead-letter-detail',
  /** The stage that gave up: `normaliser` or `projector`. */
  stage: 'dead-letter-stage',
  /** RFC 3339, milliseconds, UTC. */
  at: 'dead-letter-at',
  /** topic/partition/offset of the record that it came from. */
  origin: 'dead-letter-origin',
  /** Which element of the body, from 0; absent when the whole record failed. */
  element: 'dead-letter-element',
  /** What read it: version and configuration, as the process tells its consumer group. Letters of before this header have none. */
  reader: 'dead-letter-reader',
} as const;

/** Header of a record that was made of a dead letter: partition/offset of the letter on its topic. */
export const REDRIVEN_FROM = 'redriven-from';
