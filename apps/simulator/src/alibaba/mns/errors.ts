/**
 * Codes, statuses and texts as https://www.alibabacloud.com/help/en/message-service/latest/syntax-of-error-responses has
 * them (spelling too). The text of MissingVersionHeader is not there; the 400 of QpsLimitExceeded is from older copies of
 * that table; TimeExpired is 400 on another page of the vendor.
 */
const ERRORS = {
  AccessDenied: [403, 'The OwnerId that your Access Key Id associated to is forbidden for this operation.'],
  InternalError: [500, 'Interal error.'],
  InvalidAccessKeyId: [403, 'The AccessKey Id you provided is not exist.'],
  InvalidArgument: [400, 'The XML you provided did not validate against our published schema.'],
  InvalidAuthorizationHeader: [400, 'The Authorization header format is invalid.'],
  InvalidDateHeader: [400, 'The Date header format is invalid.'],
  InvalidQueryString: [400, 'Http request URL contains invalid querystring item.'],
  InvalidQueueName: [
    400,
    'The queue name you provided is invalid. QueueName should start with alpha and contain only alpha, digit or - .',
  ],
  InvalidRequestURL: [400, 'Http request URL format invalid.'],
  MalformedXML: [400, 'The XML you provided was not well-formed.'],
  MessageNotExist: [404, 'Message not exist.'],
  MissingAuthorizationHeader: [400, 'Authorization header is required.'],
  MissingDateHeader: [400, 'Date header is required.'],
  MissingReceiptHandle: [400, 'ReceiptHandle is required.'],
  MissingVersionHeader: [400, 'x-mns-version header is required.'],
  MissingVisibilityTimeout: [400, 'VisibilityTimeout is required.'],
  QpsLimitExceeded: [400, 'The qps limit of the queue is exceeded.'],
  QueueAlreadyExist: [409, 'The queue you want to create is already exist.'],
  QueueNameLengthError: [400, 'Queue name length should between 1 and 256.'],
  QueueNotExist: [404, 'The queue name you provided is not exist.'],
  ReceiptHandleError: [400, 'The receipt handle you provide is not valid.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  TimeExpired: [408, 'The http request you sent is expired.'],
} as const satisfies Readonly<Record<string, readonly [status: number, text: string]>>;

/** What the queue endpoint answers when it does not do what was asked. */
export type MnsErrorCode = keyof typeof ERRORS;

/** Thrown where a request cannot be done; its answer is the vendor's. */
export class MnsError extends Error {
  override readonly name = 'MnsError';
  readonly code: MnsErrorCode;
  readonly status: number;

  /** @param detail in place of the vendor's general text */
  constructor(code: MnsErrorCode, detail?: string) {
    super(detail ?? ERRORS[code][1]);
    this.code = code;
    this.status = ERRORS[code][0];
  }
}

/** The vendor's text for a code. */
export function textOf(code: MnsErrorCode): string {
  return ERRORS[code][1];
}
