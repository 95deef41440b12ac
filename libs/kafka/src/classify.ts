import { PermanentError, PositionMovedError, TransientError } from './errors.js';

/**
 * What an error of a handler means for the batch in hand: `moved`: read again from the stored position; `permanent`:
 * this record, once it is alone, is a dead letter; `transient`: the same again later; `unexplained`: none of these,
 * so probably a fault of ours that one record brings out.
 */
export type ErrorKind = 'moved' | 'permanent' | 'transient' | 'unexplained';

/** Errors of sockets, name look-ups and full disks (Node's `error.code`): whatever the record, trying later may help. */
const IO_CODE = /^(?:E[A-Z]{3,}|EAI_[A-Z]+|ERR_SOCKET_[A-Z_]+)$/;

/** The kind of an error, by its type; a system error is transient, anything else is unexplained. */
export function classifyError(error: unknown): ErrorKind {
  if (error instanceof PermanentError) return 'permanent';
  if (error instanceof PositionMovedError) return 'moved';
  if (error instanceof TransientError) return 'transient';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && IO_CODE.test(error.code)) {
    return 'transient';
  }
  if (error instanceof Error && error.name.startsWith('KafkaJS')) return 'transient';
  return 'unexplained';
}

/** Whether a broker refused a send for its size: an answer, so nothing of it has landed in that partition. */
export function isTooLarge(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && (cause.type === 'MESSAGE_TOO_LARGE' || cause.type === 'RECORD_LIST_TOO_LARGE')) return true;
  }
  return false;
}
