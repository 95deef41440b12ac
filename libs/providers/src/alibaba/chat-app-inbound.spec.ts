import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { chatAppInbound } from './chat-app-inbound.js';

const MESSAGE = {
  MessageId: '20260709110500000001',
  From: '8613800000001',
  To: '8613100000008',
  DisplayName: 'Example Co',
  Type: 'TEXT',
  Message: 'hello',
  Timestamp: 1783566302000,
  Name: 'jack',
};

const data = (changes: object, context = CONTEXT): Record<string, unknown> =>
  dataFrom(chatAppInbound, { ...MESSAGE, ...changes }, context);
const subject = (changes: object, context = CONTEXT): string =>
  eventFrom(chatAppInbound, { ...MESSAGE, ...changes }, context).subject;
/** What an event says of `Message`: its content, and what went to `extra`. */
const content = (Type: unknown, Message: unknown): unknown[] => {
  const { content: read, extra } = data({ Type, Message });
  return [read, (extra as Record<string, unknown>).Message];
};
const EMPTY = { text: null, media: null, location: null, reply: null };
const FILE = { id: '3', url: 'https://media.example.com/3', mimeType: 'x/y' };

describe('the content of a ChatAppInbound', () => {
  it.each([
    ['verbatim', ' hi\n', ' hi\n'],
    ['that is JSON', '{"text":"hi"}', '{"text":"hi"}'],
    ['that is empty', '', ''],
    ['that is a number', 5, '5'],
  ])('takes a text %s', (_what, message, text) => {
    expect(content('TEXT', message)).toEqual([{ ...EMPTY, kind: 'text', text }, undefined]);
  });

  it.each([
    ['IMAGE', 'image', { ...FILE, caption: 'look' }, { media: { ...FILE, fileName: null }, text: 'look' }, undefined],
    ['VIDEO', 'video', { ...FILE, name: 'clip' }, { media: { ...FILE, fileName: 'clip' } }, undefined],
    [
      'audio',
      'audio',
      { ...FILE, filename: 'a.ogg', animated: false },
      { media: { ...FILE, fileName: 'a.ogg' } },
      { animated: false },
    ],
    [
      'DOCUMENT',
      'document',
      { ...FILE, name: 'a', filename: 'a.pdf' },
      { media: { ...FILE, fileName: 'a.pdf' } },
      { name: 'a' },
    ],
    [
      'LOCATION',
      'location',
      { latitude: '30.10', longitude: 120.2, name: 'office' },
      { location: { latitude: '30.10', longitude: '120.2', name: 'office', address: null } },
      undefined,
    ],
    [
      'REPLY',
      'reply',
      { text: 'Yes', payload: 'Y', more: [1] },
      { text: 'Yes', reply: { text: 'Yes', payload: 'Y' } },
      { more: [1] },
    ],
    ['TEXT', 'text', { text: 'hi', more: null }, { text: 'hi' }, { more: null }],
    ['IMAGE', 'image', { id: { deep: 1 } }, {}, { id: { deep: 1 } }],
    ['IMAGE', 'image', {}, {}, undefined],
    ['CONTACTS', 'contacts', { name: 'rose' }, {}, { name: 'rose' }],
    ['SYSTEM', 'system', { body: 'x' }, {}, { body: 'x' }],
    ['STICKER', 'unknown', { ...FILE }, {}, { ...FILE }],
  ])('reads a %s as a %s from an object', (type, kind, message, read, left) => {
    expect(content(type, message)).toEqual([{ ...EMPTY, kind, ...read }, left]);
    // TEXT is never parsed, and what nobody reads stays as it came.
    if (['text', 'contacts', 'system', 'unknown'].includes(kind)) return;
    expect(content(type, JSON.stringify(message))).toEqual([{ ...EMPTY, kind, ...read }, left]);
  });

  it.each(['LOCATION', 'IMAGE', 'CONTACTS', 'SYSTEM', 'STICKER'])('keeps a %s that is no document whole', (type) => {
    for (const message of [
      '{"broken":\n',
      'https://media.example.com/1',
      '[1]',
      '{"a":'.repeat(50_000),
      7,
      [1, { a: 2 }],
    ]) {
      const [read, left] = content(type, message);
      expect(read).toMatchObject(EMPTY);
      expect(left).toEqual(message);
    }
  });

  it('takes a reply that is no document for the label of the button', () => {
    expect(content('REPLY', 'Yes')).toEqual([
      { ...EMPTY, kind: 'reply', text: 'Yes', reply: { text: 'Yes', payload: null } },
      undefined,
    ]);
  });

  it('says which type it was where we have no word for it', () => {
    expect(data({ Type: 'STICKER', Message: 'x' }).extra).toMatchObject({ Type: 'STICKER', Message: 'x' });
    expect(data({ Type: undefined })).toMatchObject({
      content: { kind: 'unknown', text: null },
      extra: { Message: 'hello' },
    });
  });

  it('may hold a document of any depth as text, and only a shallow one as an object', () => {
    const deep = (levels: number): object => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as object;
    const text = `{"url":"u","more":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(content('IMAGE', text)).toMatchObject([{ media: { url: 'u' } }, text]);
    expect(content('IMAGE', { url: 'u', more: deep(50) })).toEqual([expect.anything(), { more: deep(50) }]);
    expect(chatAppInbound.map({ ...MESSAGE, Type: 'IMAGE', Message: { more: deep(100) } }, CONTEXT)).toMatchObject({
      code: 'ELEMENT_TOO_DEEP',
    });
  });

  it('keeps digits that a double would lose', () => {
    expect(content('IMAGE', '{"id":12345678901234567890,"url":"u","size":1e400}')[0]).toMatchObject({
      media: { id: '12345678901234567890' },
    });
  });

  it('never loses a field of a document', () => {
    const type = fc.constantFrom('IMAGE', 'AUDIO', 'LOCATION', 'REPLY', 'CONTACTS', 'STICKER');
    const name = fc.constantFrom(
      'id',
      'url',
      'name',
      'filename',
      'caption',
      'text',
      'payload',
      'latitude',
      '__proto__',
      'x',
    );
    // Numbered, so that each value can be found again wherever it went.
    const fields = fc.uniqueArray(name).map((names) => Object.fromEntries(names.map((key, i) => [key, `<${i}>`])));
    fc.assert(
      fc.property(type, fields, fc.boolean(), (Type, document, asText) => {
        const written = JSON.stringify(data({ Type, Message: asText ? JSON.stringify(document) : document }));
        for (const value of Object.values(document)) expect(written).toContain(value);
      }),
    );
  });
});

describe('the keyword of a ChatAppInbound', () => {
  it.each([
    ['a text', { Message: ' stop\n' }, 'stop'],
    ['a button', { Type: 'REPLY', Message: '{"text":"STOP","payload":"x"}' }, 'stop'],
    ['another text', { Message: 'do not stop' }, null],
    ['a picture', { Type: 'IMAGE', Message: '{"url":"stop"}' }, null],
  ])('is seen in %s', (_what, change, keyword) => {
    expect(data(change).keyword).toBe(keyword);
  });
});

describe('the person of a ChatAppInbound', () => {
  const user = { FromUserId: 'CN.1' };

  it('is the same with and without a plus', () => {
    expect(subject({ From: '+8613800000001', Message: 'other', MessageId: '2' })).toBe(subject({}));
    expect(data({ From: '+8613800000001' })).toMatchObject({ sender: '+8613800000001', senderRaw: '+8613800000001' });
  });

  it('is the user id where there is one, with or without number, in either spelling', () => {
    expect(subject(user)).toBe(subject({ From: undefined, UserId: 'CN.1' }));
    expect(subject(user)).not.toBe(subject({}));
    expect(data({ ...user, From: '' })).toMatchObject({ sender: null, senderRaw: null, senderUserId: 'CN.1' });
  });

  it('is another one on another app', () => {
    const subjects = ['8613100000008', 'viber-service-1', '100000000000101', '17841400000000001'].map((To) =>
      subject({ To }),
    );
    expect(new Set(subjects).size).toBe(4);
  });

  it('has digits for a key where nothing better is known', () => {
    expect(data({ From: '0123' })).toMatchObject({ sender: null, senderRaw: '0123', senderUserId: null });
    expect(subject({ From: '01-23' })).toBe(subject({ From: '0123' }));
  });

  it.each([
    [{}, 'jack', undefined],
    [{ Name: undefined, FromUserName: 'rose' }, 'rose', undefined],
    [{ Name: '', UserName: 'rose' }, 'rose', undefined],
    [{ FromUserName: 'rose' }, 'jack', 'rose'],
  ])('has a name: %j', (change, senderName, other) => {
    const { extra, ...rest } = data(change);
    expect(rest.senderName).toBe(senderName);
    expect((extra as Record<string, unknown>).FromUserName).toBe(other);
  });
});

describe('ChatAppInbound', () => {
  it('is one fact per message', () => {
    const { id } = eventFrom(chatAppInbound, MESSAGE);
    const copy = { ...MESSAGE, From: '+8613800000001', Timestamp: '1', Message: { text: 'hello' } };
    expect(eventFrom(chatAppInbound, copy).id).toBe(id);
    expect(eventFrom(chatAppInbound, { ...MESSAGE, MessageId: '2' }).id).not.toBe(id);
  });

  it('has the channel and labels of the number that it was sent to', () => {
    expect(data({ To: '+8613100000008' })).toMatchObject({ channel: 'whatsapp', labels: { brand: 'north' } });
    expect(data({ To: 'viber-service-1' }).channel).toBe('viber');
    expect(chatAppInbound.map({ ...MESSAGE, To: 'x' }, { ...CONTEXT, channel: null })).toEqual({
      code: 'FIELD_MISSING',
      detail: 'channel: neither the source nor a listed sender (To) says it',
    });
  });

  it('happened when it was observed if its time cannot be read, which is kept', () => {
    for (const Timestamp of ['soon', 2914876800000]) {
      expect(data({ Timestamp })).toMatchObject({ occurredAt: CONTEXT.observedAt, extra: { Timestamp } });
    }
  });

  it.each([
    ['no MessageId', { ...MESSAGE, MessageId: null }, 'FIELD_MISSING', 'MessageId is empty'],
    ['no person', { ...MESSAGE, From: undefined }, 'FIELD_MISSING', 'From is absent'],
    ['a person that is an object', { ...MESSAGE, From: {} }, 'FIELD_INVALID', 'From is of type object'],
    [
      'a status',
      { MessageId: '1', From: '1', To: '2', Status: 'Read', Type: 'none' },
      'RECEIPT_TYPE_MISMATCH',
      'the element is a ChatAppStatus',
    ],
    [
      'an audit',
      { WabaId: '1', AuditStatus: 'pass', TemplateCode: '1' },
      'RECEIPT_TYPE_MISMATCH',
      'the element is a ChatAppAudit',
    ],
    ['a reply by SMS', { phone_number: '1', content: 'TD' }, 'RECEIPT_TYPE_MISMATCH', 'no key of a ChatAppInbound'],
  ])('refuses %s', (_what, element, code, detail) => {
    expect(chatAppInbound.map(element, CONTEXT)).toEqual({ code, detail });
  });
});
