import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFields, type Field } from './protobuf.js';

/** A span as a collector gets it. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it is the first of its trace. */
  readonly parentId: string;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

const ERROR = 2n;

/** A collector that takes OTLP over HTTP as protobuf, and keeps what it gets. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** Everything that came, to be searched. */
  readonly bodies: Buffer[] = [];
  #server: Server | null = null;

  /** Opens it on a port that is kept when it is stopped and started again. */
  async start(port = 0): Promise<number> {
    const server = createServer((request, response) => {
      void this.#take(request).then(() => {
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    this.#server = server;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** From now on nobody answers there. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async #take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    this.bodies.push(body);
    this.spans.push(...readSpans(body));
  }
}

/**
 * The spans of a request. The numbers are those of
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/trace/v1/trace.proto
 */
function readSpans(request: Buffer): CollectedSpan[] {
  return parts(request, 1).flatMap((resourceSpans) => {
    const resource = parts(resourceSpans, 1).flatMap((bytes) => parts(bytes, 1));
    const service = attributesOf(resource)['service.name'] ?? '';
    return parts(resourceSpans, 2)
      .flatMap((scopeSpans) => parts(scopeSpans, 2))
      .map((span) => readSpan(service, span));
  });
}

function readSpan(service: string, span: Buffer): CollectedSpan {
  const status = parts(span, 15)[0] ?? Buffer.alloc(0);
  return {
    service,
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentId: hex(span, 4),
    name: text(span, 5),
    attributes: attributesOf(parts(span, 9)),
    links: parts(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
    failed: readFields(status).some(({ number, value }) => number === 3 && value === ERROR),
  };
}

function attributesOf(pairs: readonly Buffer[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [value] = parts(pair, 2).flatMap((bytes) => readFields(bytes));
      return [text(pair, 1), plain(value)];
    }),
  );
}

function plain(field: Field | undefined): string {
  return Buffer.isBuffer(field?.value) ? field.value.toString() : String(field?.value ?? '');
}

function parts(message: Buffer, wanted: number): Buffer[] {
  return readFields(message).flatMap(({ number, value }) =>
    number === wanted && Buffer.isBuffer(value) ? [value] : [],
  );
}

function text(message: Buffer, wanted: number): string {
  return parts(message, wanted)[0]?.toString() ?? '';
}

function hex(message: Buffer, wanted: number): string {
  return parts(message, wanted)[0]?.toString('hex') ?? '';
}
