export { CANARY_PREFIX } from './canary.js';
export type { Canary, ConsolePage } from './canary.js';
export { isUnreadable } from './provider.js';
export type { Answer, Elements, JsonObject, Provider, ReceiptContext, ReceiptType, Unreadable } from './provider.js';
export { verifyPush } from './push.js';
export type {
  CheckSignature,
  PushKeys,
  PushProblem,
  PushProof,
  SignPush,
  UnverifiedPush,
  VerifiedPush,
} from './push.js';
export { readReceipt, type ReadReceipt, type UnreadPart } from './read-receipt.js';
export { readSubmission, type AccountContext, type SubmissionContext } from './read-submission.js';
export { PROVIDERS } from './registry.js';
