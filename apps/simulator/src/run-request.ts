import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** Body of `POST /runs`. */
export class RunRequestBody {
  /** How many messages get a delivery report. The plan is held in memory. */
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
}
