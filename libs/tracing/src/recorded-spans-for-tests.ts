import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { OpenTelemetry } from './open-telemetry.js';
import type { Tracing } from './tracing.js';

/** Traces of everything, whose spans a test can look at. */
export function recordedSpans(): { readonly tracing: Tracing; readonly ended: () => Promise<readonly ReadableSpan[]> } {
  const exporter = new InMemorySpanExporter();
  let ended: readonly ReadableSpan[] | undefined;
  // Closing forgets what was kept.
  exporter.shutdown = () => {
    ended = exporter.getFinishedSpans();
    return Promise.resolve();
  };
  const tracing = new OpenTelemetry({ app: 'test', version: '1.2.3' }, 1, exporter);
  return {
    tracing,
    ended: async () => {
      await tracing.close(5_000);
      return ended ?? [];
    },
  };
}
