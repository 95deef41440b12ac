import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { PROVIDERS } from '#providers';
import {
  createLogger,
  Health,
  LiveConfiguration,
  Metrics,
  readEnvironment,
  registerStageMetrics,
  Reloading,
  type StageName,
  type StageParts,
} from '#runtime';
import { testCertificate } from '../stack/certificate.js';
import { Certificate } from '../../apps/ingress/src/certificate.js';
import { registerCertificateMetric } from '../../apps/ingress/src/certificate-metric.js';
import { IngressModule } from '../../apps/ingress/src/ingress.module.js';
import { PublicDoorAdapter } from '../../apps/ingress/src/public-door-adapter.js';
import { serveSpool } from '../../apps/ingress/src/spool/serve-spool.js';
import { Spool } from '../../apps/ingress/src/spool/spool.js';
import { Normaliser } from '../../apps/normaliser/src/normaliser.js';
import { Projector } from '../../apps/projector/src/projector.js';
import { ROOT } from '../architecture/source-tree.js';

/** Nothing listens there, and nothing is asked: the stages are made and not started. */
const NOWHERE = { KAFKA_BROKERS: '127.0.0.1:1', DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };

const logger = createLogger({ name: 'test', logLevel: 'silent', logFormat: 'json' });

/** The registries of the three apps as they are made in production, with everything that may be switched on. */
export async function stageRegistries(): Promise<Readonly<Record<StageName, Registry>>> {
  const configuration = exampleConfiguration();
  const [ingress, normaliser, projector] = [partsOf('ingress'), partsOf('normaliser'), partsOf('projector')];
  new Normaliser(readEnvironment('normaliser', NOWHERE), configuration.current, logger, normaliser, null);
  new Reloading('configuration', configuration, { logger, registry: normaliser.metrics.registry });
  new Projector(readEnvironment('projector', NOWHERE), logger, projector, null);
  await makeIngress(configuration, ingress);
  return {
    ingress: ingress.metrics.registry,
    normaliser: normaliser.metrics.registry,
    projector: projector.metrics.registry,
  };
}

function partsOf(stage: StageName): StageParts {
  const parts = { health: new Health(), metrics: new Metrics(), onFatal: () => undefined };
  registerStageMetrics(parts.metrics.registry, stage, parts.health);
  return parts;
}

async function makeIngress(configuration: LiveConfiguration, { health, metrics }: StageParts): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-metrics-'));
  try {
    const certificate = new Certificate(certificateIn(directory));
    registerCertificateMetric(metrics.registry, () => certificate.current.cert);
    const spool = await openedSpool(directory);
    const module = IngressModule.forRoot({
      environment: readEnvironment('ingress', NOWHERE),
      configuration,
      certificate,
      logger,
      health,
      metrics,
      spool,
      tracing: null,
    });
    // Made, not started: nothing connects, and no port is opened.
    await NestFactory.create(module, new PublicDoorAdapter([], null), { abortOnError: false, logger: false });
    await spool.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** In this process: the thread of the spool is started from what is built. */
function openedSpool(directory: string): Promise<Spool> {
  const { port1, port2 } = new MessageChannel();
  const opened = Spool.over(port1, {
    limits: { records: 1, bytes: 1 },
    onNote: () => undefined,
    onDeath: () => undefined,
  });
  serveSpool(port2, { directory, maxBytes: 2 ** 24, segmentBytes: 2 ** 20 });
  return opened;
}

function certificateIn(directory: string): { readonly certificate: string; readonly key: string } {
  const { cert, key } = testCertificate('ec');
  const paths = { certificate: join(directory, 'certificate.pem'), key: join(directory, 'key.pem') };
  writeFileSync(paths.certificate, cert);
  writeFileSync(paths.key, key);
  return paths;
}

/** The example, with something for everything that it refers to. */
function exampleConfiguration(): LiveConfiguration {
  const anything = new Proxy<Record<string, string>>(
    {},
    { get: (_target, name) => (name === 'IDENTITY_NAMESPACE' ? NAMESPACE : 'x'.repeat(32)) },
  );
  return new LiveConfiguration(join(ROOT, 'quittance.example.yaml'), anything, PROVIDERS);
}

const NAMESPACE = '00000000-0000-4000-8000-000000000000';
