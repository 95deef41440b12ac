import { Controller, Get } from '@nestjs/common';

/** It holds nothing and waits for nobody: who answers is ready. */
@Controller('health')
export class HealthController {
  @Get('ready')
  ready(): { readonly status: 'ready' } {
    return { status: 'ready' };
  }
}
