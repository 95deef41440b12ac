import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What apps of a measurement are told about traces, and a collector that takes what they send, and looks at nothing. */
export interface MeasuredTracing {
  /** For the environment of an app. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** @param share of the receipts; null: nothing is traced */
export async function measuredTracing(share: number | null): Promise<MeasuredTracing> {
  if (share === null) return { environment: {}, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_TRACES_SAMPLER_ARG: String(share),
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What a receipt carries that the ingress has decided to trace, for that share of them; nothing for the others. */
export function tracedHeaders(share: number | null): Readonly<Record<string, string>> {
  if (share === null || Math.random() >= share) return {};
  return { traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` };
}
