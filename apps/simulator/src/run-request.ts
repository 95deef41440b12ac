import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { SourceId } from './callbacks.js';
import { SOURCE_IDS } from './callbacks.js';

/** A part of a whole, from 0 to 1. */
function IsShare(): PropertyDecorator {
  return (target, name) => {
    for (const decorate of [IsOptional(), IsNumber(), Min(0), Max(1)]) decorate(target, name);
  };
}

/** Addresses by the id of a source. */
function AreTargets(): PropertyDecorator {
  return ValidateBy({
    name: 'areTargets',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        Object.entries(value).every(
          ([id, url]) => SOURCE_IDS.includes(id as SourceId) && typeof url === 'string' && isHttpAddress(url),
        ),
      defaultMessage: () => 'targets must map ids of sources to http addresses',
    },
  });
}

function isHttpAddress(url: string): boolean {
  return /^https?:\/\/\S+$/.test(url) && URL.canParse(url);
}

/** How often each way of a fact to the ingress is taken. */
export class DoorWeightsBody {
  @IsNumber()
  @Min(0)
  push = 0;

  @IsNumber()
  @Min(0)
  queue = 0;

  @IsNumber()
  @Min(0)
  both = 0;
}

/** Receipts that come at once. */
export class BurstBody {
  /** ms */
  @IsInt()
  @Min(1)
  @Max(3_600_000)
  every!: number;

  @IsInt()
  @Min(1)
  @Max(1_000_000)
  size!: number;
}

/** Body of `POST /runs`. What is left out is as in the demonstration; shares are from 0 to 1. */
export class RunRequestBody {
  /** How many messages get a delivery report; other things come beside them. The plan is held in memory. */
  @IsInt()
  @Min(1)
  @Max(500_000)
  messages!: number;

  /** Receipts per second. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  rate!: number;

  /** Absent: a random one, which the answer tells. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(0xffff_ffff)
  seed?: number;

  /**
   * When the world of the run begins, RFC 3339; absent: now. The same beginning, seed and shape give the same receipts, byte
   * for byte, ids included.
   */
  @IsOptional()
  @IsISO8601({ strict: true })
  begins?: string;

  /** Weights; a source without a queue is pushed to whatever they are. */
  @IsOptional()
  @ValidateNested()
  @Type(() => DoorWeightsBody)
  @ValidateBy({
    name: 'hasDoor',
    validator: {
      validate: (doors: Partial<DoorWeightsBody>) => (doors.push ?? 0) + (doors.queue ?? 0) + (doors.both ?? 0) > 0,
      defaultMessage: () => 'one of doors must be above 0',
    },
  })
  doors?: DoorWeightsBody;

  /** What is reported once more. */
  @IsShare()
  duplicates?: number;

  /** What comes far from its place. */
  @IsShare()
  disorder?: number;

  /** Bodies that nobody can read, for each message. */
  @IsShare()
  poison?: number;

  /** Messages that are reported hours after they were sent. */
  @IsShare()
  late?: number;

  /** Messages that are reported twice, and differently. */
  @IsShare()
  contradictions?: number;

  /** Instead of evenly at `rate`, so many at once. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => BurstBody)
  burst?: BurstBody;

  /** Sources that take part; absent: all. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @IsIn([...SOURCE_IDS], { each: true })
  only?: SourceId[];

  /** Where to push to instead of the ingress, by source. */
  @IsOptional()
  @AreTargets()
  targets?: Partial<Record<SourceId, string>>;
}
