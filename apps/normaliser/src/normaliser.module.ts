import { Module, type DynamicModule } from '@nestjs/common';
import { NORMALISER, type Normaliser } from './normaliser.js';
import { NormaliserController } from './normaliser.controller.js';

/** The normaliser behind its Kafka handler. `management` comes first, so that its port closes last. */
@Module({})
export class NormaliserModule {
  static forRoot(normaliser: Normaliser, management: DynamicModule): DynamicModule {
    return {
      module: NormaliserModule,
      imports: [management],
      controllers: [NormaliserController],
      providers: [{ provide: NORMALISER, useValue: normaliser }],
    };
  }
}
