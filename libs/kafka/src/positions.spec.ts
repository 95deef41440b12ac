import { describe, expect, it } from '@jest/globals';
import { PositionOutsideLogError } from './errors.js';
import { Positions } from './positions.js';

const at = (fetchedOffset: string) => ({ topic: 't', partition: 0, fetchedOffset });

/** Positions over a stored offset that a test may change, and what they log. */
function positions(stored: string | null, { beginning = '0' } = {}) {
  const state = { stored, asked: 0 };
  const lines: string[] = [];
  const note = (_fields: object, message: string) => lines.push(message);
  const source = {
    stored: () => {
      state.asked += 1;
      return Promise.resolve(state.stored);
    },
    beginning: () => Promise.resolve(beginning),
  };
  return { state, lines, positions: new Positions(source, { debug: note, info: note, warn: note, error: note }) };
}

describe('positions with a source', () => {
  it('lets batch after batch pass without asking again', async () => {
    const { positions: subject, state } = positions('100');
    expect(await subject.detour(at('100'))).toBeNull();
    subject.advance(at('100'), '150');
    expect(await subject.detour(at('150'))).toBeNull();
    expect(state.asked).toBe(1);
  });

  it('begin at the beginning of the log where nothing is stored, whatever the group has committed', async () => {
    const { positions: subject } = positions(null, { beginning: '7' });
    expect(await subject.start('t', 0)).toBe('7');
    expect(await subject.detour(at('5000'))).toBe('7');
    expect(await subject.detour(at('7'))).toBeNull();
  });

  it('are known of a partition that nothing comes from: the group is told, whatever it had committed', async () => {
    const { positions: subject } = positions('90');
    await subject.start('t', 0);
    expect(subject.known()).toEqual([{ topic: 't', partition: 0, offset: '90' }]);
    await subject.detour(at('90'));
    subject.advance(at('90'), '95');
    expect(subject.known()).toEqual([{ topic: 't', partition: 0, offset: '95' }]);
    subject.reset();
    expect(subject.known()).toEqual([]);
  });

  it('follow a position that moves again while they seek it', async () => {
    const { positions: subject, state } = positions('200');
    expect(await subject.detour(at('100'))).toBe('200');
    state.stored = '300';
    expect(await subject.detour(at('200'))).toBe('300');
    expect(await subject.detour(at('300'))).toBeNull();
  });

  it('give up when Kafka does not have what was sought', async () => {
    const { positions: subject } = positions('1000');
    expect(await subject.detour(at('0'))).toBe('1000');
    await expect(subject.detour(at('0'))).rejects.toThrow(PositionOutsideLogError);
  });

  it('notice that the log jumped between two batches', async () => {
    const { positions: subject, state } = positions('0');
    await subject.detour(at('0'));
    subject.advance(at('0'), '10');
    state.stored = '10';
    expect(await subject.detour(at('9000'))).toBe('10');
    await expect(subject.detour(at('9000'))).rejects.toThrow(PositionOutsideLogError);
  });

  it('ask again after a doubt, and after the partitions were dealt anew', async () => {
    const { positions: subject, state } = positions('0');
    await subject.detour(at('0'));
    subject.doubt(at('0'));
    state.stored = '50';
    expect(await subject.detour(at('0'))).toBe('50');
    subject.reset();
    expect(await subject.detour(at('50'))).toBeNull();
    expect(state.asked).toBe(3);
  });
});

describe('positions without a source', () => {
  it('go where the group goes, and say so when records are gone', async () => {
    const lines: string[] = [];
    const note = (_fields: object, message: string) => lines.push(message);
    const subject = new Positions(null, { debug: note, info: note, warn: note, error: note });
    expect(await subject.detour(at('5'))).toBeNull();
    subject.advance(at('5'), '10');
    expect(await subject.detour(at('10'))).toBeNull();
    expect(lines).toEqual([]);
    expect(await subject.detour(at('9000'))).toBeNull();
    expect(lines).toEqual(['kafka.records-gone']);
  });
});
