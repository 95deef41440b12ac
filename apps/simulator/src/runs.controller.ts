import {
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Post,
  StreamableFile,
} from '@nestjs/common';
import { jsonLines } from './json-lines.js';
import { RunKeeper } from './run-keeper.js';
import type { RunView } from './run-keeper.js';
import { RunRequestBody } from './run-request.js';

/** Control of the simulator. */
@Controller('runs')
export class RunsController {
  constructor(private readonly keeper: RunKeeper) {}

  @Post()
  @HttpCode(202)
  start(@Body() request: RunRequestBody): RunView {
    const run = this.keeper.start(request);
    if (run === null) throw new ConflictException('a run is going on');
    return run;
  }

  @Get('current')
  current(): RunView {
    return found(this.keeper.view());
  }

  @Delete('current')
  async stop(): Promise<RunView> {
    return found(await this.keeper.stop());
  }

  /** One line of JSON for each thing of the run. */
  @Get('current/truth')
  truth(): StreamableFile {
    return new StreamableFile(jsonLines(found(this.keeper.truth())), { type: 'application/x-ndjson' });
  }
}

function found<T>(value: T | null): T {
  if (value === null) throw new NotFoundException('nothing was run yet');
  return value;
}
