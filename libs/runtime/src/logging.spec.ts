import { describe, expect, it } from '@jest/globals';
import { createLogger, describeError, traceFields } from './logging.js';
import { NestLogger } from './nest-logger.js';

function capture(logLevel: 'debug' | 'info' = 'debug') {
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', logLevel, logFormat: 'json' }, { write: (line) => lines.push(line) });
  return { logger, lines };
}

describe('createLogger', () => {
  it('writes JSON with the name of the event as message', () => {
    const { logger, lines } = capture();
    logger.info({ source: 'a' }, 'receipt.accepted');
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', name: 'test', source: 'a', msg: 'receipt.accepted' });
  });

  it('hides secrets at every depth that is logged', () => {
    const { logger, lines } = capture();
    const secrets = { token: 's3cret', accessKeySecret: 's3cret', authorization: 's3cret', tokens: ['s3cret'] };
    logger.info({ ...secrets, a: secrets, b: { c: secrets }, d: { e: { f: secrets } } }, 'x');
    expect(lines[0]).not.toContain('s3cret');
    expect(lines[0]).toContain('[redacted]');
  });

  it('logs an error without the data that it quotes', () => {
    const { logger, lines } = capture();
    const error = Object.assign(new Error('invalid input syntax: "+8613100000000"'), {
      code: '22P02',
      detail: 'Key (recipient)=(+8613100000000)',
      parameters: ['+8613100000000'],
    });
    logger.error({ err: new Error('write failed', { cause: error }) }, 'x');
    expect(lines[0]).not.toContain('8613100000000');
    expect(JSON.parse(lines[0]!)).toMatchObject({ err: { message: 'write failed', cause: { code: '22P02' } } });
  });
});

it('a message has a bounded number of lines, whatever happens; what somebody asked for is not bounded', () => {
  const { logger, lines } = capture();
  for (let times = 0; times < 500; times += 1) logger.warn({ times }, 'kafka.work-failed');
  expect(lines.length).toBeLessThan(100);
  logger.error('another.message');
  expect(lines.at(-1)).toContain('another.message');
  const before = lines.length;
  for (let times = 0; times < 500; times += 1) logger.debug({ times }, 'kafka.commit-failed');
  expect(lines).toHaveLength(before + 500);
});

it('what was left out is told at the end too, before the process is gone', () => {
  const { logger, lines } = capture();
  for (let times = 0; times < 60; times += 1) logger.warn({ times }, 'kafka.work-failed');
  expect(lines).toHaveLength(50);
  logger.flush();
  expect(lines.slice(50).map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ msg: 'log.lines-held-back', of: 'kafka.work-failed', lines: 10 }),
  ]);
});

it('traceFields reads the trace of a record, and nothing from what is none', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  expect(traceFields(`00-${traceId}-00f067aa0ba902b7-01`)).toEqual({ trace_id: traceId });
  expect([undefined, '', 'x', traceId].map(traceFields)).toEqual([{}, {}, {}, {}]);
});

it('describeError keeps the message of errors that quote nothing', () => {
  expect(describeError(Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' }))).toMatchObject({
    type: 'Error',
    code: 'ECONNREFUSED',
    message: 'connect failed',
  });
  expect(describeError('text')).toEqual({ type: 'string' });
});

it('NestLogger: what Nest says about its start is not worth a line, its errors are', () => {
  const { logger, lines } = capture('info');
  const nest = new NestLogger(logger);
  nest.log('Mapped {/} route', 'RouterExplorer');
  nest.error(new Error('boom'), 'stack', 'ExceptionsHandler');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ msg: 'nest', context: 'ExceptionsHandler', level: 'error' }),
  ]);
});
