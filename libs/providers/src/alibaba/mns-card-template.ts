import { storableText, type CanonicalEvent, type ReviewVerdict } from '#contracts';
import { embeddedJson } from '../embedded-json.js';
import { storableOrNull } from '../event-values.js';
import { hasAny, idText, isPresent, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { observedFact } from '../observed-fact.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { cardVerdicts, type CardVerdict } from './card-verdicts.js';
import { reviewEvent } from './review.js';
import { CARD_REVIEW_STATES } from './status-map.js';

/**
 * The review of a card template, in which every handset maker has its say. HTTP:
 * https://help.aliyun.com/zh/sms/developer-reference/mnscardtemplate-1, queue:
 * https://help.aliyun.com/document_detail/436114.html. It has neither a time nor a work order: a fact is its content and
 * when it was observed.
 */
export interface MnsCardTemplate {
  readonly template_code: string;
  /** The whole of it: 0 in review, 1 approved, 2 rejected. */
  readonly approval_status: number;
  /** A summary, one line per maker: `HUAWEI:通过\r\nXIAOMI:驳回`. */
  readonly desc?: string;
  /** What the caller gave along with the template; an object, or the JSON text of one. */
  readonly extData?: JsonObject | string;
  /** What each maker says; its list is open. */
  readonly tmpOps?: readonly { readonly vendorCode: string; readonly state: number; readonly desc?: string }[];
}

const KNOWN: ReadonlySet<string> = new Set<keyof MnsCardTemplate>(['template_code', 'approval_status']);

const CHARACTERISTIC = ['approval_status', 'tmpOps', 'extData'] as const;

/** `MnsCardTemplate`. */
export const mnsCardTemplate: ReceiptType = {
  name: 'MnsCardTemplate',
  channel: 'card-sms',
  deadline: 500,
  timeless: true,
  readElements: readJsonElements,
  map: mapMnsCardTemplate,
};

function mapMnsCardTemplate(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withReadJson(withTrimmedKeys(received));
  const id = idText(element.template_code);
  const providerStatus = idText(element.approval_status);
  if (id === null || providerStatus === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an MnsCardTemplate');
    return id === null
      ? unreadableField('template_code', element.template_code)
      : unreadableField('approval_status', element.approval_status);
  }

  const status = CARD_REVIEW_STATES.get(providerStatus) ?? 'unknown';
  const summary = textOf(element.desc);
  const { verdicts, complete } = cardVerdicts(element.tmpOps, summary);

  const { tmpOps, desc, extData, ...others } = element;
  const reasonSaid = status === 'rejected' && summary !== null;
  const extra = unknownFields(
    {
      ...others,
      ...(complete || !isPresent(tmpOps) ? {} : { tmpOps }),
      ...(reasonSaid || !isPresent(desc) ? {} : { desc }),
      ...(isPresent(extData) ? { extData } : {}),
    },
    KNOWN,
  );
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  return reviewEvent(
    {
      kind: 'card-template',
      id,
      name: null,
      channel: 'card-sms',
      reviewId: null,
      status,
      providerStatus,
      reason: reasonSaid ? summary : null,
      verdicts: verdicts.map(storableVerdict),
      fact: observedFact(element, context),
      submittedAt: null,
      extra,
    },
    context,
  );
}

/** The element with the JSON texts in it read, so that it has the same content whichever form a door gives them. */
function withReadJson(element: JsonObject): JsonObject {
  const { tmpOps, extData } = element;
  return {
    ...element,
    ...(typeof tmpOps === 'string' ? { tmpOps: embeddedJson(tmpOps) } : {}),
    ...(typeof extData === 'string' ? { extData: embeddedJson(extData) } : {}),
  };
}

function storableVerdict({ vendor, status, description }: CardVerdict): ReviewVerdict {
  return { vendor: storableText(vendor), status, description: storableOrNull(description) };
}
