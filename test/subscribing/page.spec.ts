import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '../../dev/places.js';
import { expectValidEvent } from '../contracts/validate-event.js';
import { embeddedRegions, regionOf, regionsIn, withCurrentCode } from './embedded-code.js';

const PAGE = 'docs/subscribing.md';
const EXAMPLES = [
  'examples/subscribe-java/src/main/java/Subscribe.java',
  'examples/subscribe-python/subscribe.py',
  'examples/subscribe-go/subscribe.go',
  'examples/newest-revision.sql',
];
/** So that a reader copies it. */
const MOST_LINES = 120;

const textOf = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

describe('the page for subscribers', () => {
  it('shows the examples as they are', () => {
    const current = withCurrentCode(PAGE, textOf(PAGE));
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(join(REPOSITORY, PAGE), current);
    expect(textOf(PAGE)).toBe(current);
  });

  it('shows every region that is marked for it', () => {
    const marked = EXAMPLES.flatMap((file) => regionsIn(textOf(file)).map((region) => ({ file, region })));
    expect(marked).toHaveLength(8);
    expect(embeddedRegions(PAGE, textOf(PAGE))).toEqual(expect.arrayContaining(marked));
  });

  it('would tell when an example has changed', () => {
    const text = textOf(PAGE).replace('commitAsync()', 'commitSync()');
    expect(withCurrentCode(PAGE, text)).not.toBe(text);
    expect(regionOf('a\n  // docs: begin b\n    c\n\n      d\n\n  // docs: end b\n', 'b')).toBe('c\n\n  d\n');
    expect(() => regionOf('a', 'b')).toThrow('no region b');
  });

  it('shows an event that keeps the contract', () => {
    const [, event] = /```json\n([\s\S]*?)```/.exec(textOf(PAGE))!;
    expectValidEvent('io.quittance.message.status-changed.v1', JSON.parse(event!) as Record<string, unknown>);
  });

  it.each(EXAMPLES)('%s can be read at one sitting', (file) => {
    expect(textOf(file).trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  });
});
