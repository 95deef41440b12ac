import { Controller, Inject } from '@nestjs/common';
import { BatchHandler, type IncomingRecord } from '#kafka';
import { NORMALISER, type Normaliser } from './normaliser.js';

/** Works off the receipts, and what sending services tell. */
@Controller()
export class NormaliserController {
  constructor(@Inject(NORMALISER) private readonly normaliser: Normaliser) {}

  @BatchHandler('raw-receipts.v1')
  normalise(receipts: readonly IncomingRecord[]): Promise<void> {
    return this.normaliser.normaliseAll(receipts);
  }

  @BatchHandler('submissions.v1')
  normaliseSubmissions(submissions: readonly IncomingRecord[]): Promise<void> {
    return this.normaliser.normaliseSubmissions(submissions);
  }
}
