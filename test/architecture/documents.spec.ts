import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesBelow, ROOT, textOf } from './source-tree.js';

const DECISIONS = 'docs/decisions';

/** Links of a page that lead to files, as `target#anchor`. Code is left out: a link in it is none. */
function relativeLinks(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, target]) => target!);
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target!);
  return [...inline, ...references].filter((target) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target));
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The anchors that forges give to a page's headings. */
function anchors(markdown: string): Set<string> {
  const headings = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#+\s+(.+?)\s*$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(page: string, markdown: string): string[] {
  return relativeLinks(markdown).filter((link) => {
    const [file = '', anchor = ''] = link.split('#');
    const target = file === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(file));
    if (!existsSync(join(ROOT, target))) return true;
    if (anchor === '' || !target.endsWith('.md')) return false;
    return !anchors(target === page ? markdown : textOf(target)).has(anchor);
  });
}

describe('pages', () => {
  const pages = filesBelow('.').filter((path) => path.endsWith('.md'));

  it.each(pages)('%s links only to what is there', (page) => {
    expect(brokenLinks(page, textOf(page))).toEqual([]);
  });

  it('a link that leads nowhere is seen', () => {
    const markdown =
      '# A b\n[a](README.md) [b](gone.md) [c](#a-b) [d](#gone) [e](README.md#gone) [f](https://g)\n`[h](gone.md)`\n[i]: gone.md\n';
    expect(brokenLinks('CONTRIBUTING.md', markdown)).toEqual(['gone.md', '#gone', 'README.md#gone', 'gone.md']);
  });

  it('docs/README.md lists every page of docs', () => {
    const listed = relativeLinks(textOf('docs/README.md')).map((link) => posix.join('docs', link));
    const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(others.filter((page) => !listed.includes(page))).toEqual([]);
  });
});

describe('decisions', () => {
  const files = filesBelow(DECISIONS).map((path) => posix.basename(path));

  it('are numbered from 1 without gaps', () => {
    expect(files.length).toBeGreaterThan(0);
    expect([...files].sort().map((file) => file.slice(0, 5))).toEqual(
      files.map((_, index) => `${String(index + 1).padStart(4, '0')}-`),
    );
  });

  it.each(files)('%s says why, what, and what follows from it', (file) => {
    const headings = [...textOf(posix.join(DECISIONS, file)).matchAll(/^##? (.+)$/gm)].map(([, heading]) => heading);
    const number = String(Number(file.slice(0, 4)));
    expect(headings[0]).toMatch(new RegExp(`^${number}\\. \\S`));
    expect(headings.slice(1)).toEqual(['Context', 'Decision', 'Consequences']);
  });
});
