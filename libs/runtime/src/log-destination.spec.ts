import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { PatientDestination } from './log-destination.js';

/** A reader that takes nothing until it is told to go on. */
function stuckReader(): { stream: Writable; lines: () => string[]; goOn: () => void } {
  let text = '';
  let release: (() => void) | null = null;
  let isStuck = true;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      if (isStuck) release = done;
      else done();
    },
  });
  const goOn = (): void => {
    isStuck = false;
    release?.();
  };
  return { stream, lines: () => text.split('\n').slice(0, -1), goOn };
}

describe('PatientDestination', () => {
  it('keeps what a slow reader does not take, up to a bound, and says afterwards how many lines it lost', async () => {
    const { stream, lines, goOn } = stuckReader();
    const destination = new PatientDestination(stream, 40);
    for (let number = 0; number < 20; number++) destination.write(`line ${number}....\n`);
    expect(stream.writableLength).toBeLessThan(60);
    goOn();
    await new Promise((resolve) => setImmediate(resolve));
    destination.write('after\n');
    expect(lines().slice(0, 4)).toEqual(['line 0....', 'line 1....', 'line 2....', 'line 3....']);
    expect(JSON.parse(lines()[4]!)).toMatchObject({ level: 'warn', lines: 16, msg: 'log.lines-dropped' });
    expect(lines()[5]).toBe('after');
  });

  it('goes on without a reader that has gone', async () => {
    const stream = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const destination = new PatientDestination(stream);
    destination.write('a\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => {
      destination.write('b\n');
    }).not.toThrow();
  });
});
