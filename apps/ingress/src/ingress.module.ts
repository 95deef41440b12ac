import type { Server } from 'node:tls';
import { Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { topicNames } from '#contracts';
import { GroupCommitProducer } from '#kafka';
import type { GroupCommitProducerOptions } from '#kafka';
import { PROVIDERS } from '#providers';
import { addressMatcher, ManagementModule, publishMetrics, Reloading } from '#runtime';
import type { Environment, Health, LiveConfiguration, Logger, Metrics, ReloadingParts } from '#runtime';
import type { Tracing } from '#tracing';
import { AcceptedReceipts } from './accepted-receipts.js';
import type { Certificate } from './certificate.js';
import { ConnectionLimit } from './connection-limit.js';
import { IngressMetrics } from './ingress-metrics.js';
import { IntakeRoom } from './intake-room.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { QueuePollers } from './mns/queue-pollers.js';
import { QueueMetrics } from './mns/queue-metrics.js';
import { PublicDoor } from './public-door.js';
import type { Spool } from './spool/spool.js';
import { Spooling } from './spool/spooling.js';

/** What the ingress is made from. */
export interface IngressParts {
  readonly environment: Environment;
  readonly configuration: LiveConfiguration;
  /** Null: it speaks plain HTTP. */
  readonly certificate: Certificate | null;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Null: none is configured. */
  readonly spool: Spool | null;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/** Longest that a send may take, ms. Beyond the longest deadline nobody waits for it any more. */
const LONGEST_SEND = 5_000;
/** Room for what is told of the spool and to the ledger: a few records each time. */
const REPORTS = 1_000;
const REPORT_BYTES = 1_000_000;

const CONFIGURATION_RELOADING = Symbol('reloading of the configuration');
const CERTIFICATE_RELOADING = Symbol('reloading of the certificate');

/** The ingress: a door that providers push to, a door to the queues that it fetches from, and a publisher behind both. */
@Module({})
export class IngressModule {
  static forRoot(parts: IngressParts): DynamicModule {
    const { environment, configuration, certificate, logger, health, metrics, spool, tracing } = parts;
    const { connections, kafka, managementHost, managementPort, queueBytes, queueRecords, shutdownGrace, topicPrefix } =
      environment;
    const newProducer = (
      maxQueuedRecords: number,
      maxQueuedBytes: number,
      onSend?: GroupCommitProducerOptions['onSend'],
    ): GroupCommitProducer =>
      new GroupCommitProducer({
        kafka,
        logger,
        maxQueuedRecords,
        maxQueuedBytes,
        // Closing waits for one send at most, and must be done before the grace is over.
        sendTimeout: Math.min(LONGEST_SEND, shutdownGrace / 2),
        ...(onSend && { onSend }),
      });
    const producer = newProducer(queueRecords, queueBytes, publishMetrics(metrics.registry));
    const counters = new IngressMetrics(metrics.registry);
    counters.expectFrom(configuration.current.sources.values());
    configuration.onChange(({ sources }) => () => {
      counters.expectFrom(sources.values());
    });
    const { 'raw-receipts.v1': topic, 'ledger.v1': ledgerTopic, 'spools.v1': spools } = topicNames(topicPrefix);
    const accepted = new AcceptedReceipts(newProducer(REPORTS, REPORT_BYTES), ledgerTopic);
    const spooling =
      spool === null
        ? null
        : new Spooling({
            spool,
            producer,
            topic,
            reports: { producer: newProducer(REPORTS, REPORT_BYTES), topic: spools },
            maxBytes: environment.spoolBytes,
            metrics,
            logger,
            tracing,
          });
    return {
      module: IngressModule,
      imports: [ManagementModule.forRoot({ host: managementHost, port: managementPort, health, metrics })],
      providers: [
        { provide: AcceptedReceipts, useValue: accepted },
        {
          provide: KafkaPublisher,
          useFactory: () => {
            const limits = { records: queueRecords, bytes: queueBytes };
            return new KafkaPublisher(producer, limits, spooling, shutdownGrace, health, metrics);
          },
        },
        {
          provide: PublicDoor,
          inject: [HttpAdapterHost, KafkaPublisher],
          useFactory: (host: HttpAdapterHost, publisher: KafkaPublisher) =>
            new PublicDoor(host, {
              sources: configuration.current.sources,
              providers: PROVIDERS,
              topic,
              publish: (record, options) => publisher.publishPushed(record, options),
              onAccepted: (record) => {
                accepted.add(record);
              },
              room: new IntakeRoom({ records: queueRecords, bytes: queueBytes }),
              connections: new ConnectionLimit(connections, addressMatcher(configuration.current.trustedProxies)),
              logger,
              logSample: environment.logSample,
              health,
              metrics: counters,
              tracing,
            }),
        },
        {
          provide: QueuePollers,
          inject: [KafkaPublisher],
          useFactory: (publisher: KafkaPublisher) =>
            new QueuePollers({
              sources: configuration.current.sources,
              overrides: environment,
              topic,
              publish: (record, options) => publisher.publish(record, options),
              hasRoom: () => publisher.hasRoom,
              onAccepted: (source, record) => {
                counters.stored(source, record.value.length);
                accepted.add(record);
              },
              metrics: new QueueMetrics(metrics.registry),
              logger,
              tracing,
            }),
        },
        {
          provide: CONFIGURATION_RELOADING,
          inject: [PublicDoor, QueuePollers],
          useFactory: (door: PublicDoor, pollers: QueuePollers) => {
            configuration.onChange(({ sources }) => door.prepare(sources));
            configuration.onChange(({ sources }) => pollers.prepare(sources));
            return new Reloading('configuration', configuration, { logger, registry: metrics.registry });
          },
        },
        ...(certificate === null ? [] : [certificateReloading(certificate, { logger, registry: metrics.registry })]),
      ],
    };
  }
}

function certificateReloading(certificate: Certificate, parts: ReloadingParts): FactoryProvider {
  return {
    provide: CERTIFICATE_RELOADING,
    inject: [HttpAdapterHost],
    useFactory: ({ httpAdapter }: HttpAdapterHost) => {
      certificate.useServer(httpAdapter.getInstance<{ readonly server: Server }>().server);
      return new Reloading('certificate', certificate, parts);
    },
  };
}
