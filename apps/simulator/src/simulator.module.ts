import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { mnsProviders } from './alibaba/mns/providers.js';
import { FaultsController } from './alibaba/mns/faults.controller.js';
import { QueuesController } from './alibaba/mns/queues.controller.js';
import type { SimulatorEnvironment } from './environment.js';
import { HealthController } from './health.controller.js';
import { PushesController } from './pushes.controller.js';
import { ENVIRONMENT, RunKeeper } from './run-keeper.js';
import { RunsController } from './runs.controller.js';

/** Plays the providers. */
@Module({})
export class SimulatorModule {
  static with(environment: SimulatorEnvironment): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [HealthController, RunsController, PushesController, FaultsController, QueuesController],
      providers: [{ provide: ENVIRONMENT, useValue: environment }, ...mnsProviders(environment), RunKeeper],
    };
  }
}
