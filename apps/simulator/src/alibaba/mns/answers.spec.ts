import { describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import {
  changeVisibilityXml,
  errorXml,
  handleProblemsXml,
  messagesXml,
  messageXml,
  queuesXml,
  sentXml,
} from './answers.js';
import { MnsError } from './errors.js';
import type { ReceivedMessage } from './message.js';
import { createQueue } from './queue.js';

const MESSAGE: ReceivedMessage = {
  messageId: '9F3CFCE6BB3B2C8F-2-19F44D2CCC8-20000000A',
  receiptHandle: '1-ODU4OTkzNDU5NC0xNzgzNTY2MTI0LTItOA==',
  body: 'e30=',
  bodyMd5: 'B32204472171546C70A5E5866F1DB73A',
  enqueueTime: 1_783_566_093_512,
  nextVisibleTime: 1_783_566_124_000,
  firstDequeueTime: 1_783_566_094_000,
  dequeueCount: 1,
  priority: 8,
};

describe('answers', () => {
  it('a message, byte for byte', () => {
    expect(messageXml(MESSAGE)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Message xmlns="http://mns.aliyuncs.com/doc/v1/">
  <MessageId>9F3CFCE6BB3B2C8F-2-19F44D2CCC8-20000000A</MessageId>
  <ReceiptHandle>1-ODU4OTkzNDU5NC0xNzgzNTY2MTI0LTItOA==</ReceiptHandle>
  <MessageBody>e30=</MessageBody>
  <MessageBodyMD5>B32204472171546C70A5E5866F1DB73A</MessageBodyMD5>
  <EnqueueTime>1783566093512</EnqueueTime>
  <NextVisibleTime>1783566124000</NextVisibleTime>
  <FirstDequeueTime>1783566094000</FirstDequeueTime>
  <DequeueCount>1</DequeueCount>
  <Priority>8</Priority>
</Message>`);
  });

  it('messages of a batch have no namespace of their own; what was peeked at has no handle and no time', () => {
    expect(messagesXml([{ ...MESSAGE, receiptHandle: null, nextVisibleTime: null }]))
      .toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Messages xmlns="http://mns.aliyuncs.com/doc/v1/">
  <Message>
    <MessageId>9F3CFCE6BB3B2C8F-2-19F44D2CCC8-20000000A</MessageId>
    <MessageBody>e30=</MessageBody>
    <MessageBodyMD5>B32204472171546C70A5E5866F1DB73A</MessageBodyMD5>
    <EnqueueTime>1783566093512</EnqueueTime>
    <FirstDequeueTime>1783566094000</FirstDequeueTime>
    <DequeueCount>1</DequeueCount>
    <Priority>8</Priority>
  </Message>
</Messages>`);
  });

  it('bad handles, a changed visibility, a sent message and an error, byte for byte', () => {
    expect(handleProblemsXml([['1-AAAA', 'ReceiptHandleError']])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Errors xmlns="http://mns.aliyuncs.com/doc/v1/">
  <Error>
    <ErrorCode>ReceiptHandleError</ErrorCode>
    <ErrorMessage>The receipt handle you provide is not valid.</ErrorMessage>
    <ReceiptHandle>1-AAAA</ReceiptHandle>
  </Error>
</Errors>`);
    const changed = { receiptHandle: '1-ODU4OTkzNDU5NC0xNzgzNTY2MTg0LTItOA==', nextVisibleTime: 1_783_566_184_000 };
    expect(changeVisibilityXml(changed)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<ChangeVisibility xmlns="http://mns.aliyuncs.com/doc/v1/">
  <ReceiptHandle>1-ODU4OTkzNDU5NC0xNzgzNTY2MTg0LTItOA==</ReceiptHandle>
  <NextVisibleTime>1783566184000</NextVisibleTime>
</ChangeVisibility>`);
    expect(sentXml({ messageId: '9F3CFCE6BB3B2C8F-2-19F44D2CCC8-20000000B', bodyMd5: MESSAGE.bodyMd5 })).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageId>9F3CFCE6BB3B2C8F-2-19F44D2CCC8-20000000B</MessageId><MessageBodyMD5>B32204472171546C70A5E5866F1DB73A</MessageBodyMD5></Message>`,
    );
    const host = 'http://1943695596114318.mns.cn-hangzhou.aliyuncs.com';
    expect(errorXml(new MnsError('MessageNotExist'), '4A8F1E2B3C4D5E6F70819203', host))
      .toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Error xmlns="http://mns.aliyuncs.com/doc/v1/">
  <Code>MessageNotExist</Code>
  <Message>Message not exist.</Message>
  <RequestId>4A8F1E2B3C4D5E6F70819203</RequestId>
  <HostId>http://1943695596114318.mns.cn-hangzhou.aliyuncs.com</HostId>
</Error>`);
  });

  it('a page of queues names where the next begins', () => {
    const xml = queuesXml([createQueue('a', () => 0)], ({ name }) => `http://h/queues/${name}`, false, 'b');
    expect(xml).toContain(
      '  <Queue>\n    <QueueURL>http://h/queues/a</QueueURL>\n  </Queue>\n  <NextMarker>b</NextMarker>',
    );
  });

  it('any body that XML can hold is read back as it was', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false, htmlEntities: true });
    const texts = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/u.test(text));
    fc.assert(
      fc.property(texts, (body) => {
        const read = parser.parse(messageXml({ ...MESSAGE, body })) as { Message: { MessageBody: string } };
        expect(read.Message.MessageBody).toBe(body);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (body) => {
        const read = parser.parse(messageXml({ ...MESSAGE, body })) as { Message: { MessageBody: string } };
        expect(read.Message.MessageBody).toBe(body);
      }),
    );
  });
});
