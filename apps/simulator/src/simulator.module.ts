import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { SimulatorEnvironment } from './environment.js';
import { HealthController } from './health.controller.js';
import { ENVIRONMENT, RunKeeper } from './run-keeper.js';
import { RunsController } from './runs.controller.js';

/** Plays the providers. */
@Module({})
export class SimulatorModule {
  static with(environment: SimulatorEnvironment): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [HealthController, RunsController],
      providers: [{ provide: ENVIRONMENT, useValue: environment }, RunKeeper],
    };
  }
}
