import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import type { FaultSettings } from './faults.js';

/** How many of 1. */
function IsShare(): PropertyDecorator {
  const checks = [IsOptional(), IsNumber(), Min(0), Max(1)];
  return (target, property) => {
    for (const check of checks) check(target, property);
  };
}

/** A whole number, or not given. */
function IsWhole(lowest: number, highest: number): PropertyDecorator {
  const checks = [IsOptional(), IsInt(), Min(lowest), Max(highest)];
  return (target, property) => {
    for (const check of checks) check(target, property);
  };
}

const MINUTE = 60_000;
const DAY = 86_400;

/** Body of `PUT /faults`: what it names is set, the rest stays. */
export class FaultsRequestBody implements Partial<FaultSettings> {
  @IsShare()
  errorShare?: number;

  @IsShare()
  dropShare?: number;

  @IsShare()
  dropAfterReceiveShare?: number;

  @IsShare()
  lostDeleteShare?: number;

  @IsWhole(0, 10 * MINUTE)
  delayedDeleteMs?: number;

  @IsShare()
  duplicateShare?: number;

  @IsShare()
  disorderShare?: number;

  @IsWhole(0, MINUTE)
  slowMs?: number;

  @IsShare()
  shortReceiveShare?: number;

  @IsShare()
  throttleShare?: number;

  /** All tokens that were issued die at once; true is all that it can be. */
  @IsOptional()
  @IsBoolean()
  expireNow?: boolean;

  @IsWhole(1, DAY)
  lifetimeSeconds?: number;

  @IsShare()
  refuseShare?: number;

  @IsOptional()
  @IsIn(['AccessDenied', 'InvalidAccessKeyId'])
  expiredAs?: FaultSettings['expiredAs'];

  /** Begins the sequence of chances anew. */
  @IsWhole(0, 0xffff_ffff)
  seed?: number;
}
