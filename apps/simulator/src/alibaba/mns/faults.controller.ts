import { Body, Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import { FaultsRequestBody } from './faults-request.js';
import type { FaultName, FaultSettings } from './faults.js';
import { Faults, NO_FAULTS } from './faults.js';
import type { Tokens } from './tokens.js';

/** Injection token of the tokens that were issued. */
export const TOKENS = Symbol('issued tokens');

/** What is set to go wrong, and how often it did. */
export interface FaultsView {
  readonly seed: number;
  readonly faults: Readonly<FaultSettings>;
  /** By name, since they were cleared; of `expireNow` the tokens that died. What never happened is left out. */
  readonly counts: Readonly<Partial<Record<FaultName, number>>>;
}

/** Faults on demand, for the queues and the tokens. */
@Controller('faults')
export class FaultsController {
  constructor(
    private readonly faults: Faults,
    @Inject(TOKENS) private readonly tokens: Tokens,
  ) {}

  @Get()
  show(): FaultsView {
    const { seed, settings, counts } = this.faults;
    return { seed, faults: settings, counts };
  }

  @Put()
  set(@Body() body: FaultsRequestBody): FaultsView {
    const { expireNow, seed, ...settings } = body;
    this.faults.set(named(settings), seed);
    if (expireNow === true) this.faults.count('expireNow', this.tokens.expireAll());
    return this.show();
  }

  @Delete()
  clear(): FaultsView {
    this.faults.clear();
    return this.show();
  }
}

/** What the body names; null means as it was before anybody set it. */
function named(settings: Partial<FaultSettings>): Partial<FaultSettings> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value ?? NO_FAULTS[name as keyof FaultSettings]]),
  );
}
