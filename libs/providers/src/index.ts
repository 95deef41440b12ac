export { isUnreadable } from './provider.js';
export type { Answer, Elements, JsonObject, Provider, ReceiptContext, ReceiptType, Unreadable } from './provider.js';
export { readReceipt, type ReadReceipt, type UnreadPart } from './read-receipt.js';
export { PROVIDERS } from './registry.js';
