/**
 * A request to a queue, or for a token, that failed. The texts of the vendor's SDK hold whole addresses with account,
 * signature and receipt handle; what is kept of them is the code.
 */
export class QueueError extends Error {
  override name = 'QueueError';

  /** @param code the vendor's, such as `AccessDenied`, or the system's, such as `ECONNREFUSED` */
  constructor(readonly code: string) {
    super(code);
  }
}

/** What an error of the SDKs comes down to. */
export function queueError(error: unknown): QueueError {
  if (error instanceof QueueError) return error;
  // Not always an Error: the parser of answers throws plain objects.
  const { name, code: ofSystem } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  // The MNS client names an error after the code in the answer: MNS, the code, Error.
  const [, ofQueue] = /^MNS(\w+)Error$/.exec(String(name)) ?? [];
  if (name === 'RequestTimeoutError' || ofSystem === 'ABORT_ERR') return new QueueError('Timeout');
  // What is no XML, no JSON or not what was asked for: the SDKs stumble over it.
  const isUnexpected = name === 'TypeError' || name === 'SyntaxError' || error instanceof TypeError;
  const code = ofQueue ?? ofSystem ?? (isUnexpected ? 'UnexpectedAnswer' : name);
  return new QueueError(typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : 'unknown');
}

/** Codes with which a queue says that it does not take this token or key (any more). */
const REFUSED = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'AccessIDAuthError',
  'InvalidSecurityToken',
  'SecurityTokenExpired',
]);

/** Whether another token may help. */
export function isRefused({ code }: QueueError): boolean {
  return REFUSED.has(code);
}

/**
 * Codes that are counted by name: MNS's (https://help.aliyun.com/document_detail/27501.html), those of the token API, the
 * system's and our own. The others come from the network, and nobody may invent series.
 */
const COUNTED = new Set([
  ...REFUSED,
  'InvalidAccessKeyId.NotFound',
  'SignatureDoesNotMatch',
  'QueueNotExist',
  'MessageNotExist',
  'ReceiptHandleError',
  'InvalidArgument',
  'TimeExpired',
  'QpsLimitExceeded',
  'InternalError',
  'InternalServerError',
  'ServiceUnavailable',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'Timeout',
  'UnexpectedAnswer',
]);

/** The name under which an error is counted. */
export function countedAs({ code }: QueueError): string {
  return COUNTED.has(code) ? code : 'other';
}

const ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: 'the key or token does not open this queue: compare queue, region and messageType with the console',
  InvalidAccessKeyId: "the provider does not know the access key: check the account's credentials",
  'InvalidAccessKeyId.NotFound': "the provider does not know the access key: check the account's credentials",
  SignatureDoesNotMatch: "the secret does not belong to the access key: check the account's credentials",
  QueueNotExist: 'there is no such queue: compare queue and region with the console',
  TimeExpired: 'the provider finds our time wrong: check the clock of this machine',
  ENOTFOUND: 'the address cannot be resolved: check the endpoint and DNS',
  ECONNREFUSED: 'nobody listens at the address: check the endpoint',
  Timeout: 'no whole answer in the time allowed: check the way to the provider',
  UnexpectedAnswer: 'what answers is no queue: check the endpoint, and proxies on the way',
};

/** What to do about it, for the log. */
export function adviceFor({ code }: QueueError): string {
  return ADVICE[code] ?? 'trying again';
}
