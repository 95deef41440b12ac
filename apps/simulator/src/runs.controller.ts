import { Body, ConflictException, Controller, Get, HttpCode, NotFoundException, Post } from '@nestjs/common';
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
    const run = this.keeper.view();
    if (run === null) throw new NotFoundException('nothing was run yet');
    return run;
  }
}
