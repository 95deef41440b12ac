import { describe, expect, it } from '@jest/globals';
import { readAttributes, readMessages, readReceiptHandles } from './request-bodies.js';

const xml = (text: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
const XMLNS = 'xmlns="http://mns.aliyuncs.com/doc/v1/"';

describe('what clients send', () => {
  it('a message', () => {
    const body = `<Message ${XMLNS}><MessageBody>e30=</MessageBody><DelaySeconds>0</DelaySeconds><Priority>8</Priority></Message>`;
    expect(readMessages(xml(body))).toEqual({
      isBatch: false,
      messages: [{ body: 'e30=', delaySeconds: 0, priority: 8 }],
    });
  });

  it('texts as they are: spaces, digits, references', () => {
    const body = `<Message><MessageBody>  007 &lt;&amp;&gt;&#13;&#x4e2d;\n</MessageBody></Message>`;
    expect(readMessages(xml(body)).messages).toEqual([{ body: '  007 <&>\r中\n' }]);
  });

  it('a batch of one, and of sixteen', () => {
    const batch = (size: number): Buffer =>
      xml(`<Messages ${XMLNS}>${'<Message><MessageBody>a</MessageBody></Message>\n'.repeat(size)}</Messages>`);
    expect(readMessages(batch(1))).toEqual({ isBatch: true, messages: [{ body: 'a' }] });
    expect(readMessages(batch(16)).messages).toHaveLength(16);
    expect(() => readMessages(batch(17))).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    expect(() => readMessages(batch(0))).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  it('handles', () => {
    const body = `<ReceiptHandles ${XMLNS}>\n  <ReceiptHandle>1-ODU=</ReceiptHandle>\n  <ReceiptHandle>1-AAAA</ReceiptHandle>\n</ReceiptHandles>`;
    expect(readReceiptHandles(xml(body))).toEqual(['1-ODU=', '1-AAAA']);
    expect(readReceiptHandles(xml('<ReceiptHandles><ReceiptHandle>1</ReceiptHandle></ReceiptHandles>'))).toEqual(['1']);
  });

  it('attributes, only those that are named', () => {
    const body = `<Queue ${XMLNS}>\n<VisibilityTimeout>45</VisibilityTimeout><LoggingEnabled>True</LoggingEnabled></Queue>`;
    expect(readAttributes(xml(body))).toEqual({ visibilityTimeout: 45, loggingEnabled: true });
    expect(readAttributes(xml(`<Queue ${XMLNS}></Queue>`))).toEqual({});
    expect(readAttributes(Buffer.alloc(0))).toEqual({});
    const wrong = xml('<Queue><VisibilityTimeout>43201</VisibilityTimeout></Queue>');
    expect(() => readAttributes(wrong)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  it.each([
    ['<Message>', 'MalformedXML'],
    ['no xml', 'MalformedXML'],
    ['<Message><Priority>1</Priority></Message>', 'InvalidArgument'],
    ['<Message><MessageBody>a</MessageBody><Priority>17</Priority></Message>', 'InvalidArgument'],
    ['<Other/>', 'InvalidArgument'],
  ])('%s is answered %s', (body, code) => {
    expect(() => readMessages(xml(body))).toThrow(expect.objectContaining({ code }));
  });
});
