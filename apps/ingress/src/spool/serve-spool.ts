import type { MessagePort } from 'node:worker_threads';
import type { SpoolAnswer, SpoolMessage, SpoolRequest } from './spool-messages.js';
import { SpoolStore } from './spool-store.js';
import { SpoolRefusal, type SpoolSettings } from './spool-terms.js';
import type { StoredReceipt } from './stored-receipt.js';

/** Opens a spool and does what is asked for over `port`, one request after the other. */
export function serveSpool(port: MessagePort, settings: SpoolSettings): void {
  const say = (message: SpoolMessage): void => {
    port.postMessage(message);
  };
  let store: SpoolStore;
  try {
    store = SpoolStore.open(settings, (note) => {
      say({ kind: 'note', note });
    });
  } catch (error) {
    say({ kind: 'not-opened', reason: reasonOf(error) });
    port.close();
    return;
  }
  say({ kind: 'opened', status: store.status });
  port.on('message', (request: SpoolRequest) => {
    const answer = answerTo(store, request);
    say({ kind: 'answer', answer, status: store.status });
    if (request.kind === 'close') port.close();
  });
}

function answerTo(store: SpoolStore, request: SpoolRequest): SpoolAnswer {
  try {
    switch (request.kind) {
      case 'append':
        store.append(receiptsOf(request));
        return { done: true, batch: null };
      case 'read':
        return { done: true, batch: store.read(request.maxRecords, request.maxBytes) };
      case 'drained':
        store.drained(request, request.refused);
        return { done: true, batch: null };
      case 'adopt':
        store.adopt();
        return { done: true, batch: null };
      case 'retire':
        store.retire();
        return { done: true, batch: null };
      case 'forget':
        store.forget(request.folders);
        return { done: true, batch: null };
      case 'close':
        store.close();
        return { done: true, batch: null };
    }
  } catch (error) {
    const problem = error instanceof SpoolRefusal ? error.problem : null;
    return { done: false, problem, reason: reasonOf(error) };
  }
}

function receiptsOf({ bytes, sizes, times }: Extract<SpoolRequest, { kind: 'append' }>): StoredReceipt[] {
  let at = 0;
  return sizes.map((size, index) => {
    at += size;
    return { receivedAt: times[index] ?? 0, bytes: bytes.subarray(at - size, at) };
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
