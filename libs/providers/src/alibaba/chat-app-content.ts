import { isExactNumber, parseJson, storableText, type ContentKind, type MessageContent } from '#contracts';
import { isPresent, textOf, verbatimTextOf, withTrimmedKeys } from '../field-readers.js';
import type { JsonObject } from '../provider.js';
import { storableOrNull } from '../event-values.js';

/** What a person sent, and what of it nobody here reads. */
export interface ChatAppContent {
  readonly content: MessageContent;
  /** The `Message`, or those of its fields that are not in `content`; undefined if everything is. Not storable yet. */
  readonly unread: unknown;
}

/**
 * `Type` of ChatAppInbound, in lower case. Queue:
 * https://www.alibabacloud.com/help/ja/chatapp/developer-reference/chatappinbound-1, HTTP:
 * https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappinbound; read in November 2026. What CONTACTS
 * and SYSTEM hold is not described: their `Message` is kept as it comes.
 */
export const CHAT_APP_CONTENT_KINDS: ReadonlyMap<string, ContentKind> = new Map([
  ['text', 'text'],
  ['image', 'image'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['document', 'document'],
  ['location', 'location'],
  ['reply', 'reply'],
  ['contacts', 'contacts'],
  ['system', 'system'],
]);

/**
 * Reads `Message`. For TEXT it is what the person wrote, never parsed: people write JSON too. For every other type it is
 * a JSON document, as text in the samples, as an object on a newer page; both are read, and an object for TEXT as well.
 */
export function readContent(type: string | null, message: unknown): ChatAppContent {
  const kind = CHAT_APP_CONTENT_KINDS.get(type?.toLowerCase() ?? '') ?? 'unknown';
  if (kind === 'text' && !isObject(message)) return textContent(message);
  const fields = fieldsOf(message);
  if (fields === null) return kind === 'reply' ? labelContent(message) : nothingRead(kind, message);
  const { content, names } = readFields(kind, fields);
  return { content, unread: names.length === 0 ? message : withoutRead(fields, names) };
}

interface ReadFields {
  readonly content: MessageContent;
  /** The fields that are in `content`. */
  readonly names: readonly string[];
}

function readFields(kind: ContentKind, fields: JsonObject): ReadFields {
  switch (kind) {
    case 'text':
      return { content: contentOf(kind, { text: words(fields.text) }), names: ['text'] };
    case 'reply': {
      const text = words(fields.text);
      const reply = { text, payload: words(fields.payload) };
      return { content: contentOf(kind, { text, reply }), names: ['text', 'payload'] };
    }
    case 'location':
      return {
        content: contentOf(kind, { location: orNull(valuesOf(fields, LOCATION_FIELDS)) }),
        names: LOCATION_FIELDS,
      };
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
      return mediaContent(kind, fields);
    case 'contacts':
    case 'system':
    case 'unknown':
      return { content: contentOf(kind, {}), names: [] };
  }
}

/** All of them text: coordinates are strings, and stay what was written. */
const LOCATION_FIELDS = ['latitude', 'longitude', 'name', 'address'] as const;

/** Addresses of files expire after seven days. */
const MEDIA_FIELDS = ['id', 'url', 'mimeType'] as const;

/** Pages call the file's name `name`, `filename` or both. The caption is what the person wrote. */
function mediaContent(kind: ContentKind, fields: JsonObject): ReadFields {
  const nameField = textOf(fields.filename) === null ? 'name' : 'filename';
  const media = { ...valuesOf(fields, MEDIA_FIELDS), fileName: storableOrNull(textOf(fields[nameField])) };
  return {
    content: contentOf(kind, { media: orNull(media), text: words(fields.caption) }),
    names: [...MEDIA_FIELDS, nameField, 'caption'],
  };
}

function textContent(message: unknown): ChatAppContent {
  const text = words(message);
  return text === null ? nothingRead('text', message) : { content: contentOf('text', { text }), unread: undefined };
}

/** A reply that is no document is taken for the label of the button. */
function labelContent(message: unknown): ChatAppContent {
  const text = words(message);
  if (text === null) return nothingRead('reply', message);
  return { content: contentOf('reply', { text, reply: { text, payload: null } }), unread: undefined };
}

/** The fields of an object, or of the JSON text of one; null for anything else. */
function fieldsOf(message: unknown): JsonObject | null {
  if (isObject(message)) return withTrimmedKeys(message);
  if (typeof message !== 'string' || !message.trimStart().startsWith('{')) return null;
  try {
    const parsed = parseJson(message);
    return isObject(parsed) ? withTrimmedKeys(parsed) : null;
  } catch {
    // No JSON, or nested deeper than the stack: then it is text, and kept as such.
    return null;
  }
}

/** The fields that are left; a known one that holds an object or array has not been read either. */
function withoutRead(fields: JsonObject, names: readonly string[]): JsonObject | undefined {
  const left = Object.entries(fields).filter(([name, value]) => !names.includes(name) || isStructure(value));
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

function valuesOf(fields: JsonObject, names: readonly string[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(names.map((name) => [name, storableOrNull(textOf(fields[name]))]));
}

/** Null if nothing of it was given. */
function orNull<T extends Readonly<Record<string, string | null>>>(values: T): T | null {
  return Object.values(values).some((value) => value !== null) ? values : null;
}

function contentOf(kind: ContentKind, parts: Partial<MessageContent>): MessageContent {
  return { kind, text: null, media: null, location: null, reply: null, ...parts };
}

function words(value: unknown): string | null {
  const text = verbatimTextOf(value);
  return text === null ? null : storableText(text);
}

function nothingRead(kind: ContentKind, message: unknown): ChatAppContent {
  return { content: contentOf(kind, {}), unread: isPresent(message) ? message : undefined };
}

function isObject(value: unknown): value is JsonObject {
  return isStructure(value) && !Array.isArray(value);
}

function isStructure(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}
