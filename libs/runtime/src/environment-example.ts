import { VARIABLES } from './environment.js';

const SECRETS: readonly (readonly [string, string])[] = [
  ['IDENTITY_NAMESPACE', 'A UUID that every key and id derives from. Secret; never change it. Make one with uuidgen.'],
  ['ALI_TOKEN', 'Secret path segment of the example sources: 16 or more letters, digits, dashes or underscores.'],
  ['ALI_AK', "Access key of the Alibaba Cloud account that its queues are opened with (a RAM user's)."],
  ['ALI_SK', 'The secret that belongs to it.'],
  ['TENCENT_TOKEN', 'The same for the sources of Tencent Cloud.'],
  ['VOLCENGINE_TOKEN', 'The same for the sources of Volcengine.'],
  ['HW_AK', 'Access key that Huawei Cloud signs pushes with: push AK/SK authentication of the application.'],
  ['HW_SK', 'The secret key that belongs to it.'],
];

/** The text of `.env.example`: every variable with what it means, who reads it and its default. */
export function environmentExample(): string {
  const variables = VARIABLES.map(({ name, about, roles, requiredBy, default: fallback, unset, see }) => {
    const required = requiredBy.length > 0 ? ` Required by: ${requiredBy.join(', ')}.` : '';
    const without = unset === null ? '' : ` Unset: ${unset}.`;
    const more = see === null ? '' : ` See docs/${see}.`;
    const line = requiredBy.length > 0 ? `${name}=` : `# ${name}=${fallback ?? ''}`;
    return `# ${about}${without}${more}\n# Read by: ${roles.join(', ')}.${required}\n${line}\n`;
  });
  const secrets = SECRETS.map(([name, about]) => `# ${about}\n${name}=\n`);
  return [
    '# Settings of the processes. What is commented out shows the default.\n# Durations carry their unit: 500ms, 10s, 15m.\n',
    ...variables,
    '# Values that quittance.example.yaml refers to as ${NAME}.\n',
    ...secrets,
  ].join('\n');
}
