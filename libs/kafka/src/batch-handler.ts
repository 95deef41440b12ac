import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { TopicName } from '#contracts';
import { throwError, type Observable } from 'rxjs';

/** Hands an error on as it is. Nest's own filter would log it and replace it by "Internal server error". */
@Catch()
class HandOnFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Marks the method of a controller that works off the records of one topic. It is called with
 * `readonly IncomingRecord[]`: at least one record, all of one partition, in order. What a throw means is said by
 * `classifyError`; returning means that the records are done and may be committed. It may be called again with
 * records that it has done already.
 */
export function BatchHandler(topic: TopicName): MethodDecorator {
  const pattern: (topic: string) => MethodDecorator = EventPattern;
  return applyDecorators(pattern(topic), UseFilters(new HandOnFilter()));
}
