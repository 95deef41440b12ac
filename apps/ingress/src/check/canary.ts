import { randomUUID } from 'node:crypto';
import { RECEIPT_HEADERS, type TopicNames } from '#contracts';
import { headerText, type IncomingRecord, type TopicReader } from '#kafka';
import { CANARY_PREFIX, type Provider } from '#providers';
import type { Source } from '#runtime';
import { pathOf } from './address.js';
import { reasonOf } from './door-check.js';
import { right, told, wrong, type Finding } from './finding.js';

/** How long a canary may be under way, ms. */
const PATIENCE = 30_000;
const LOOK_EVERY = 100;
/** Clocks of other hosts, ms. */
const CLOCK_SKEW = 60_000;

/** What a canary goes through. */
export interface CanaryWay {
  readonly publicUrl: string;
  readonly reader: TopicReader;
  readonly topics: TopicNames;
  readonly patience?: number;
}

/**
 * Pushes a report about a message that nobody sent, as the provider would, and follows it to the subscribers' topic.
 * What it leaves behind: docs/decisions/0031-canaries-are-messages-of-their-own.md.
 */
export async function sendCanary(source: Source, provider: Provider, way: CanaryWay): Promise<Finding> {
  const make = provider.canaries[source.receipt];
  if (make === undefined) return told('canary', `none: what comes as ${source.receipt} could be taken for somebody's`);
  const { reader, topics, patience = PATIENCE } = way;
  const began = Date.now();
  const messageId = `${CANARY_PREFIX}${randomUUID()}`;
  const [sender] = source.senders.keys();
  const canary = make({ messageId, at: began, sender: sender ?? null });
  try {
    const answer = await push(source, provider, way.publicUrl, canary);
    if (answer.status !== provider.answer.status || answer.body !== provider.answer.body) {
      return wrong(
        'canary',
        `answered ${answer.status} with ${answer.body.length} bytes, not what the provider takes for received`,
      );
    }
    const acknowledged = Date.now() - began;
    const until = began + patience;
    const look = (topic: string, what: string, matches: (record: IncomingRecord) => boolean) =>
      seen(reader, { topic, since: began - CLOCK_SKEW, until, what, matches });
    const holdsId = ({ value }: IncomingRecord) => value?.includes(messageId) === true;
    const raw = await look(topics['raw-receipts.v1'], 'the topic of raw receipts', holdsId);
    const receiptId = headerText(raw, RECEIPT_HEADERS.receiptId);
    const ofIt = (record: IncomingRecord) => headerText(record, 'ce_receiptid') === receiptId;
    const event = await look(topics['events.v1'], 'the events topic: is it a dead letter?', ofIt);
    const change = await look(topics['message-status.v1'], "the subscribers' topic: does a projector run?", ofIt);
    const after = (record: IncomingRecord) => `${Math.max(0, record.timestamp - began)} ms`;
    return right(
      'canary',
      `acknowledged after ${acknowledged} ms; raw receipt ${after(raw)}, event ${after(event)}, subscribers ${after(change)}; message id ${messageId}`,
    );
  } catch (error) {
    if (error instanceof NotSeenError)
      return wrong('canary', `not seen within ${patience / 1_000} s in ${error.message}; ${messageId}`);
    return wrong('canary', `cannot be pushed (${reasonOf(error)})`);
  }
}

/** What was waited for did not come. */
class NotSeenError extends Error {
  override readonly name = 'NotSeenError';
}

async function push(
  source: Source,
  provider: Provider,
  publicUrl: string,
  { contentType, body }: { readonly contentType: string; readonly body: string },
): Promise<{ readonly status: number; readonly body: string }> {
  const url = new URL(`${publicUrl}${pathOf(source)!}`);
  const headers: Record<string, string> = { host: url.host, 'content-type': contentType };
  const [key] = source.http!.push?.keys ?? [];
  // `connection` and `content-length` are left to whoever sends; the provider signs them as well.
  const proof =
    key === undefined || provider.signPush === undefined
      ? {}
      : provider.signPush({ method: 'POST', target: url.pathname, headers, body: Buffer.from(body) }, key, Date.now());
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType, ...proof },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: response.status, body: await response.text() };
}

interface Awaited {
  readonly topic: string;
  /** Unix ms. */
  readonly since: number;
  readonly until: number;
  readonly what: string;
  readonly matches: (record: IncomingRecord) => boolean;
}

/** Reads on in a topic until a record comes. */
async function seen(reader: TopicReader, { topic, since, until, what, matches }: Awaited): Promise<IncomingRecord> {
  const next = new Map(await reader.offsetsSince(topic, since));
  while (Date.now() < until) {
    const ends = await reader.offsets(topic);
    const stretches = [...ends].map(
      ([partition, { low, high }]) => [partition, { from: next.get(partition) ?? low, to: high }] as const,
    );
    for await (const records of reader.read(topic, new Map(stretches))) {
      const found = records.find(matches);
      if (found !== undefined) return found;
    }
    for (const [partition, { high }] of ends) next.set(partition, high);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  throw new NotSeenError(what);
}
