import { markdownTable } from '../../../test/contracts/markdown-table.js';
import type { SettingDescription } from './configuration/setting.js';
import { settingsOf } from './configuration/setting.js';
import * as settings from './configuration/settings.js';
import type { Shape } from './configuration/shape.js';
import type { VariableDescription } from './environment-variable.js';
import { APPS } from './environment-variable.js';
import { VARIABLES } from './environment.js';
import type { Role } from './environment-shape.js';

/** The classes of quittance.yaml, by where in the file they stand. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'quittance.yaml': settings.FileSettings,
  'accounts.NAME': settings.AccountSettings,
  'accounts.NAME.senders.NUMBER': settings.SenderSettings,
  'accounts.NAME.credentials': settings.CredentialSettings,
  'sources[]': settings.SourceSettings,
  'sources[].http': settings.HttpSettings,
  'sources[].http.pushKeys[]': settings.PushKeySettings,
  'sources[].http.signedHeaders': settings.SignedHeaderSettings,
  'sources[].mns': settings.MnsSettings,
};

const VARIABLES_MARK = 'environment';
const TABLE = /<!-- settings: (\S+) -->[\s\S]*?<!-- end -->/g;

/**
 * docs/configuration.md with its tables made anew, each between its marks.
 * @throws Error if settings have no table, or a table no settings
 */
export function filledManual(page: string): string {
  const tables = new Map([
    [VARIABLES_MARK, variablesTable()],
    ...Object.entries(SHAPES).map(([place, shape]) => [place, settingsTable(settingsOf(shape))] as const),
  ]);
  const marked = [...page.matchAll(TABLE)].map(([, place]) => place!);
  const wrong = [...new Set([...marked, ...tables.keys()])].filter(
    (place) => !tables.has(place) || marked.filter((mark) => mark === place).length !== 1,
  );
  if (wrong.length > 0) throw new Error(`each place needs one mark, and each mark a place: ${wrong.join(', ')}`);
  return page.replace(TABLE, (_table, place: string) => {
    return `<!-- settings: ${place} -->\n\n${tables.get(place)!}\n\n<!-- end -->`;
  });
}

function variablesTable(): string {
  return markdownTable(
    ['variable', 'default', 'unit', 'read by', 'meaning'],
    VARIABLES.map((variable) => [
      `\`${variable.name}\``,
      without(variable, variable.requiredBy.length > 0),
      variable.unit ?? '',
      readers(variable.roles),
      meaning(variable),
    ]),
  );
}

function settingsTable(shown: readonly SettingDescription[]): string {
  return markdownTable(
    ['setting', 'default', 'unit', 'meaning'],
    shown.map((setting) => [
      `\`${setting.name}\``,
      without(setting, setting.required),
      setting.unit ?? '',
      meaning(setting),
    ]),
  );
}

type Described = Pick<VariableDescription, 'about' | 'default' | 'unset' | 'see'>;

function without({ default: fallback, unset }: Described, isRequired: boolean): string {
  if (isRequired) return 'required';
  return fallback === null ? (unset ?? 'none') : `\`${fallback}\``;
}

function meaning({ about, see }: Described): string {
  return see === null ? about : `${about} See [${see.replace(/#.*/, '')}](${see})`;
}

const NAMES: Readonly<Record<Role, string>> = {
  ingress: 'ingress',
  normaliser: 'normaliser',
  projector: 'projector',
  topics: 'topic set-up',
  migration: 'migration',
  tool: "operators' commands",
};

function readers(roles: readonly Role[]): string {
  if (roles.length === Object.keys(NAMES).length) return 'all';
  const hasApps = APPS.every((app) => roles.includes(app));
  const others = roles.filter((role) => !hasApps || !APPS.includes(role)).map((role) => NAMES[role]);
  return [...(hasApps ? ['the three apps'] : []), ...others].join(', ');
}
