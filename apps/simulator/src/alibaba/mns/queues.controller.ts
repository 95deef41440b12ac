import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { QueueCounts } from './queue.js';
import { Queues } from './queues.js';

/** Body of `POST /queue-messages`. */
export class QueueMessageBody {
  @IsString()
  @Matches(/^[A-Za-z][A-Za-z0-9-]{0,255}$/)
  queue!: string;

  /** Stored as it is: who wants Base64 gives Base64. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(65_536)
  body!: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(604_800)
  delaySeconds?: number;
}

/** Queues as their owner sees them: no key is needed. */
@Controller()
export class QueuesController {
  constructor(private readonly queues: Queues) {}

  @Get('queue-counts')
  counts(): Readonly<Record<string, QueueCounts>> {
    return this.queues.counts();
  }

  @Post('queue-messages')
  @HttpCode(202)
  send(@Body() { queue, body, delaySeconds }: QueueMessageBody): QueueCounts {
    this.queues.send(queue, body, delaySeconds === undefined ? {} : { delaySeconds });
    return this.queues.declare(queue).counts();
  }
}
