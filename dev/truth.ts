/** What the simulator says is true of a run: the lines of `GET /runs/current/truth`. Times are RFC 3339, UTC, ms. */

/** A message, and what became of it. */
export interface MessageTruth {
  readonly kind: 'message';
  readonly provider: string;
  readonly channel: string;
  readonly messageId: string | null;
  /** E.164 where the country is certain, else as the provider writes it. */
  readonly recipient: string | null;
  readonly sender: string | null;
  readonly reference: string | null;
  readonly status: string;
  readonly final: boolean;
  readonly reason: string | null;
  readonly code: string | null;
  readonly conflict: boolean;
  readonly sentAt: string | null;
  /** Null: when it was received. */
  readonly occurredAt: string | null;
}

/** A reply. */
export interface ReplyTruth {
  readonly kind: 'reply';
  readonly provider: string;
  readonly channel: string;
  /** Null: the addressee tells it from others. */
  readonly originId: string | null;
  readonly sender: string;
  readonly addressee: string;
  readonly text: string | null;
  readonly keyword: string | null;
  readonly occurredAt: string | null;
}

/** A review. */
export interface ReviewTruth {
  readonly kind: 'review';
  readonly provider: string;
  readonly subject: string;
  readonly id: string;
  readonly workOrder: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly occurredAt: string | null;
}

/** The last notice about an aspect of something. */
export interface NoticeTruth {
  readonly kind: 'notice';
  readonly provider: string;
  readonly channel: string;
  readonly subject: string;
  readonly id: string;
  readonly aspect: string;
  readonly value: string;
  readonly occurredAt: string | null;
}

/** A body that must be a dead letter. */
export interface PoisonTruth {
  readonly kind: 'poison';
  readonly source: string;
  readonly door: string;
  /** What it holds and nothing else does. */
  readonly mark: string;
}

/** One thing of a run. */
export type Truth = MessageTruth | ReplyTruth | ReviewTruth | NoticeTruth | PoisonTruth;

/** Reads the truth of the last run line by line. */
export async function* readTruth(simulator: string): AsyncGenerator<Truth> {
  const response = await fetch(`${simulator}/runs/current/truth`);
  if (!response.ok || response.body === null)
    throw new Error(`the simulator answered ${response.status} for the truth`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Truth;
  }
  if (rest !== '') throw new Error('the truth was cut off');
}
