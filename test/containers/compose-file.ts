import { parse } from 'yaml';
import { textOf } from '../architecture/source-tree.js';

/** A service of docker-compose.yml; the part that tests look at. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  /** `source:target`, or the same in words. */
  readonly volumes?: readonly (string | { readonly source: string })[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

/** The services by name, with every variable at its default. */
export function composeServices(): Readonly<Record<string, ComposeService>> {
  const file = parse(withDefaults(textOf('docker-compose.yml')), { merge: true }) as {
    readonly services: Readonly<Record<string, ComposeService>>;
  };
  return file.services;
}

/** `${NAME:-default}` and `${NAME-default}` replaced by what they are where no variable is set. */
function withDefaults(text: string): string {
  return text.replace(/\$\{[A-Z_]+:?-([^}]*)\}/g, '$1');
}

/** The environment of a service, as its process gets it. */
export function environmentOf({ environment = {} }: ComposeService): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

/** Files and folders of the repository that a service is given. */
export function mountsOf({ volumes = [] }: ComposeService): readonly string[] {
  const sources = volumes.map((volume) => (typeof volume === 'string' ? volume.split(':')[0]! : volume.source));
  return sources.filter((source) => source.startsWith('./'));
}
