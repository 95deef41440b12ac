import type { AccountStatusReported, MessageOriginated, MessageStatusReported, ReviewStatusReported } from '#contracts';
import { eitherMembers, eitherTime, eitherValue } from './fact-set.js';

/** The fields that our tables of codes decide. They go together: the newer table replaces all of them. */
const MAPPED_MESSAGE = ['mappingRevision', 'status', 'final', 'reason', 'retry', 'reportedBy'] as const;
const MAPPED_REVIEW = ['mappingRevision', 'status'] as const;

/** Two copies of one delivery report as one. */
export function joinMessageReports(a: MessageStatusReported, b: MessageStatusReported): MessageStatusReported {
  return joinReports(a, b, MAPPED_MESSAGE);
}

/** Two copies of one review report as one. */
export function joinReviewReports(a: ReviewStatusReported, b: ReviewStatusReported): ReviewStatusReported {
  return joinReports(a, b, MAPPED_REVIEW);
}

/** Two copies of what a person sent, or of one notice, as one: nothing in them is mapped by tables. */
export function joinUnmapped<D extends MessageOriginated | AccountStatusReported>(a: D, b: D): D {
  return { ...joinFields(a, b), ...eitherTime(a, b), extra: eitherMembers(a.extra, b.extra) };
}

function joinReports<D extends MessageStatusReported | ReviewStatusReported>(
  a: D,
  b: D,
  mapped: readonly (keyof D & string)[],
): D {
  return {
    ...joinFields(a, b),
    ...eitherTime(a, b),
    ...pick(newerMapping(a, b, mapped), mapped),
    extra: eitherMembers(a.extra, b.extra),
  };
}

/** Every field by itself. Versions N and N+1 may write different fields: then in sorted order, whichever came first. */
export function joinFields<D extends object>(a: D, b: D): D {
  const names = Object.keys(a);
  const others = Object.keys(b);
  if (names.length !== others.length || names.some((name, at) => name !== others[at])) return eitherMembers(a, b);
  return Object.fromEntries(
    (names as (keyof D & string)[]).map((name) => [name, eitherValue(a[name], b[name])]),
  ) as unknown as D;
}

function newerMapping<D extends { readonly mappingRevision: number }>(a: D, b: D, mapped: readonly (keyof D)[]): D {
  if (a.mappingRevision !== b.mappingRevision) return a.mappingRevision > b.mappingRevision ? a : b;
  return JSON.stringify(pick(a, mapped)) <= JSON.stringify(pick(b, mapped)) ? a : b;
}

function pick<D, K extends keyof D>(data: D, names: readonly K[]): Pick<D, K> {
  return Object.fromEntries(names.map((name) => [name, data[name]])) as Pick<D, K>;
}
