import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { TracingLogger } from './tracing.js';

type Report = Parameters<SpanExporter['export']>[1];

/**
 * Says once that spans get nowhere, and once that they do again. The SDK itself says nothing unless it is given a logger,
 * and then a line for each attempt.
 */
export class ToldExporter implements SpanExporter {
  #lost = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: TracingLogger,
  ) {}

  export(spans: ReadableSpan[], report: Report): void {
    this.exporter.export(spans, (result) => {
      if (result.code === ExportResultCode.SUCCESS) this.#arrived();
      else this.#failed(spans.length, result.error);
      report(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  #arrived(): void {
    if (this.#lost === 0) return;
    this.logger.info({ lost: this.#lost }, 'traces.exported-again');
    this.#lost = 0;
  }

  #failed(spans: number, error: Error | undefined): void {
    const isFirst = this.#lost === 0;
    this.#lost += spans;
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    if (isFirst) this.logger.warn({ reason: code ?? error?.name ?? 'unknown' }, 'traces.not-exported');
  }
}
