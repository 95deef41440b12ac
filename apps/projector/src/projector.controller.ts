import { Controller, Inject } from '@nestjs/common';
import { BatchHandler, type IncomingRecord } from '#kafka';
import { PROJECTOR, type Projector } from './projector.js';

/** Works off the canonical events. */
@Controller()
export class ProjectorController {
  constructor(@Inject(PROJECTOR) private readonly projector: Projector) {}

  @BatchHandler('events.v1')
  project(events: readonly IncomingRecord[]): Promise<void> {
    return this.projector.project(events);
  }
}
