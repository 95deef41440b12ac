import { describe, expect, it } from '@jest/globals';
import { DEAD_LETTER_CODES } from '#contracts';
import { filesBelow, textOf } from './source-tree.js';

const PAGE = textOf('docs/errors.md');

/** The cells of a table's rows under one heading; the row of titles and the line below it left out. */
function rowsUnder(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const unquoted = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

describe('docs/errors.md', () => {
  it('lists every dead-letter code with what it means, and no other', () => {
    const rows = rowsUnder('Dead-letter codes').map(([code, meaning]) => [unquoted(code), meaning]);
    expect(rows).toEqual(Object.entries(DEAD_LETTER_CODES));
  });

  it('tells for every code what causes it and what to do', () => {
    const short = rowsUnder('Dead-letter codes').filter(
      (cells) => cells.length !== 4 || cells.slice(2).some((cell) => cell.length < 10),
    );
    expect(short).toEqual([]);
  });

  it('lists every error that the Kafka library exports, and no other', () => {
    const exported = [...textOf('libs/kafka/src/index.ts').matchAll(/\b\w+Error\b/g)].map(([name]) => name);
    expect(exported.length).toBeGreaterThan(0);
    const listed = rowsUnder('Errors inside the processes').map(([name]) => unquoted(name));
    expect(listed.sort()).toEqual([...new Set(exported)].sort());
  });

  it('lists every status that the public door answers by itself, and no other', () => {
    const answered = [...textOf('apps/ingress/src/answers.ts').matchAll(/\bfixed\((\d{3}),/g)].map(
      ([, status]) => status,
    );
    const listed = rowsUnder('Answers of the public door').map(([status]) => unquoted(status));
    expect([...new Set(listed)].sort()).toEqual([...new Set(answered)].sort());
  });

  it('quotes the sentences of start-up as they are', () => {
    const sources = ['libs/runtime/src', 'libs/kafka/src', 'apps/ingress/src', 'apps/projector/src', 'dev']
      .flatMap(filesBelow)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('spec.ts'))
      .map(textOf)
      .join('\n');
    const sentences = rowsUnder('Sentences at start-up').map(([sentence]) => unquoted(sentence));
    expect(sentences.length).toBeGreaterThan(0);
    // `…` stands for what differs from case to case.
    const unknown = sentences.filter((sentence) =>
      sentence.split('…').some((piece) => !sources.includes(piece.trim())),
    );
    expect(unknown).toEqual([]);
  });
});
