import type { DrainBatch, SpoolNote, SpoolProblem, SpoolStatus } from './spool-terms.js';

/** What is asked of the thread. */
export type SpoolRequest =
  | {
      readonly kind: 'append';
      /** Receipts one after the other, */
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** how long each of them is, */
      readonly sizes: readonly number[];
      /** and when it was received, Unix ms. */
      readonly times: readonly number[];
    }
  | { readonly kind: 'read'; readonly maxRecords: number; readonly maxBytes: number }
  | { readonly kind: 'drained'; readonly segment: string; readonly upTo: number; readonly refused: number }
  | { readonly kind: 'adopt' }
  | { readonly kind: 'retire' }
  | { readonly kind: 'forget'; readonly folders: readonly string[] }
  | { readonly kind: 'close' };

/** What a request came to. */
export type SpoolAnswer =
  | { readonly done: true; readonly batch: DrainBatch | null }
  | { readonly done: false; readonly problem: SpoolProblem | null; readonly reason: string };

/** What the thread says: first that it is open or why it is not, then an answer to each request in its order. */
export type SpoolMessage =
  | { readonly kind: 'opened'; readonly status: SpoolStatus }
  | { readonly kind: 'not-opened'; readonly reason: string }
  | { readonly kind: 'answer'; readonly answer: SpoolAnswer; readonly status: SpoolStatus }
  | { readonly kind: 'note'; readonly note: SpoolNote };
