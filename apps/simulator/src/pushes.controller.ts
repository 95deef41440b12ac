import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { IsIn, IsOptional, IsString, IsUrl, MaxLength } from 'class-validator';
import type { SourceId } from './callbacks.js';
import { SOURCE_IDS } from './callbacks.js';
import { destinationsAt } from './destinations.js';
import type { SimulatorEnvironment } from './environment.js';
import type { Pusher, PushOutcome } from './push.js';
import { createPusher, isAccepted } from './push.js';
import { ENVIRONMENT } from './run-keeper.js';

/** Body of `POST /pushes`. */
export class PushRequestBody {
  @IsIn([...SOURCE_IDS])
  source!: SourceId;

  /** Pushed as it is. */
  @IsString()
  @MaxLength(900_000)
  body!: string;

  /** Instead of the ingress. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  target?: string;
}

/** What became of a push. */
export interface PushView {
  readonly outcome: PushOutcome;
  readonly accepted: boolean;
}

/** One push of one's own, with the vendor's headers, signature and patience, and without its retries. */
@Controller('pushes')
export class PushesController implements OnApplicationShutdown {
  readonly #pusher: Pusher;

  constructor(@Inject(ENVIRONMENT) private readonly environment: SimulatorEnvironment) {
    this.#pusher = createPusher(environment.patience);
  }

  @Post()
  @HttpCode(200)
  async push(@Body() { source, body, target }: PushRequestBody): Promise<PushView> {
    const targets = target === undefined ? {} : { [source]: target };
    const destinations = destinationsAt(this.environment.ingressUrl, this.environment.credentials, targets);
    const outcome = await this.#pusher.push(destinations[source], body);
    return { outcome, accepted: isAccepted(outcome) };
  }

  onApplicationShutdown(): void {
    this.#pusher.close();
  }
}
