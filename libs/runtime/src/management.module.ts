import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Health } from './health.js';
import { ManagementServer } from './management-server.js';
import type { ManagementSettings } from './management-server.js';
import { Metrics } from './metrics.js';

/** Where the port is opened, and what it shows where that was made before Nest. */
export interface ManagementOptions extends ManagementSettings {
  readonly health?: Health;
  readonly metrics?: Metrics;
}

/**
 * Opens the management port first and closes it last: **it must be the first import of the app's module**, because Nest
 * ends modules of one level in the reverse order of their import. Exports `Health` and `Metrics`; a process has one of
 * each, so make the module once and import that object wherever they are injected.
 */
@Module({})
export class ManagementModule {
  static forRoot({ host, port, health = new Health(), metrics = new Metrics() }: ManagementOptions): DynamicModule {
    return {
      module: ManagementModule,
      providers: [
        { provide: Health, useValue: health },
        { provide: Metrics, useValue: metrics },
        { provide: ManagementServer, useFactory: () => new ManagementServer({ host, port }, health, metrics) },
      ],
      exports: [Health, Metrics, ManagementServer],
    };
  }
}
