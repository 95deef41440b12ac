import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Environment } from './environment-shape.js';
import { Health } from './health.js';
import type { Logger } from './logging.js';
import { ManagementModule } from './management.module.js';
import { Metrics } from './metrics.js';
import { NestLogger } from './nest-logger.js';
import { shutDownOnSignals, type Shutdown } from './shutdown.js';
import { registerStageMetrics, type StageName } from './stage-metrics.js';

/** What a stage is given by the process that it lives in. */
export interface StageParts {
  readonly health: Health;
  readonly metrics: Metrics;
  /** Only a new process recovers from this: stops the process in order, with exit code 1. */
  readonly onFatal: (error: Error) => void;
}

/** A stage that works off a topic. */
export interface Stage {
  /** What feeds the handlers of the module. */
  readonly strategy: CustomTransportStrategy;
  /** Its module, with `management` as the first import, so that the management port closes last. */
  module(management: DynamicModule): DynamicModule;
  /** What comes last, once everything of it has closed. */
  readonly lastly?: () => Promise<void>;
}

/** Runs a stage until a signal comes: its handlers under Nest, the management port, an orderly end. */
export async function runStage(
  name: StageName,
  environment: Environment,
  logger: Logger,
  create: (parts: StageParts) => Stage,
): Promise<void> {
  const health = new Health();
  const metrics = new Metrics();
  registerStageMetrics(metrics.registry, name, health);
  let shutdown: Shutdown | null = null;
  const stage = create({
    health,
    metrics,
    onFatal: (error) => {
      health.fatal(error.message);
      shutdown?.stop(error.message, 1);
    },
  });
  const { managementHost: host, managementPort: port, shutdownGrace: grace } = environment;
  const app = await NestFactory.createMicroservice(
    stage.module(ManagementModule.forRoot({ host, port, health, metrics })),
    { strategy: stage.strategy, logger: new NestLogger(logger), abortOnError: false },
  );
  shutdown = shutDownOnSignals({ app, health, logger, grace, lastly: stage.lastly });
  await app.listen();
}
