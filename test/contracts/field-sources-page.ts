import type { FieldSources, ReceiptSources } from './field-sources.js';
import { markdownTable } from './markdown-table.js';

const HEAD = `# Field sources

Which provider field feeds which of ours. The page is made by trying: every field of every fixture is changed, one at a time, and whatever then differs in the event is fed by it. \`npm run golden\` makes it anew, and CI compares it.

- Where several fields are named, each of them can change the value: the first that is there, both together, or one that decides how the other is read.
- \`id\` is the event's id: what is named there tells one fact from another, together with \`identityNamespace\`, from which keys derive too.
- \`extra\` names what the fixtures hold of it; every field that is not named anywhere goes there as well.
- A field that is the same in all fixtures stands with its value.
`;

const BULKY = 40;
/** Its number would make the page differ with every table. */
const TABLES = "version of the provider's tables";

/** docs/contracts/field-sources.md. Tables are aligned as the formatter aligns them. */
export function fieldSourcesPage(sources: readonly ReceiptSources[]): string {
  const providers = [...new Set(sources.map(({ provider }) => provider))];
  const sections = providers.flatMap((provider) => [
    `## ${provider}`,
    ...sources.filter((source) => source.provider === provider).flatMap(receiptSection),
  ]);
  return `${HEAD}\n${sections.join('\n\n')}\n`;
}

function receiptSection({ receipt, events, needed }: ReceiptSources): readonly string[] {
  const tables = [...events].flatMap(([type, fields]) => [
    `Becomes \`${type}\`:`,
    markdownTable(
      ['field', 'fed by'],
      [...fields].map(([name, source]) => [code(name), name === 'mappingRevision' ? TABLES : sourceText(source)]),
    ),
  ]);
  const need = needed.length === 0 ? [] : [`Without one of these an element may be a dead letter: ${list(needed)}.`];
  return [`### ${receipt}`, ...tables, ...need];
}

function sourceText({ fields, others, values }: FieldSources): string {
  const texts = [...fields.map(code), ...others];
  if (texts.length > 0) return texts.join(', ');
  return values.length === 1 && (values[0] ?? '').length <= BULKY ? `always ${code(values[0] ?? '')}` : 'the provider';
}

function list(names: readonly string[]): string {
  return names.map(code).join(', ');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
