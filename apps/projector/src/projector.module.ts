import { Module, type DynamicModule } from '@nestjs/common';
import { PROJECTOR, type Projector } from './projector.js';
import { ProjectorController } from './projector.controller.js';

/** The projector behind its Kafka handler. `management` comes first, so that its port closes last. */
@Module({})
export class ProjectorModule {
  static forRoot(projector: Projector, management: DynamicModule): DynamicModule {
    return {
      module: ProjectorModule,
      imports: [management],
      controllers: [ProjectorController],
      providers: [{ provide: PROJECTOR, useValue: projector }],
    };
  }
}
