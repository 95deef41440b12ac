import { Module, type DynamicModule } from '@nestjs/common';
import { Reloading } from '#runtime';
import { NORMALISER, type Normaliser } from './normaliser.js';
import { NormaliserController } from './normaliser.controller.js';

/** The normaliser behind its Kafka handler. `management` comes first, so that its port closes last. */
@Module({})
export class NormaliserModule {
  static forRoot(normaliser: Normaliser, reloading: Reloading, management: DynamicModule): DynamicModule {
    return {
      module: NormaliserModule,
      imports: [management],
      controllers: [NormaliserController],
      providers: [
        { provide: NORMALISER, useValue: normaliser },
        { provide: Reloading, useValue: reloading },
      ],
    };
  }
}
