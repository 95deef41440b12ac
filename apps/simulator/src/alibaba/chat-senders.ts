/** The business sides on the chat apps. quittance.example.yaml says of each which app it is on: no payload does. */
export const CHAT_SENDERS = {
  whatsapp: '8613100000008',
  viber: 'viber-service-1',
  messenger: '100000000000011',
  instagram: '17840000000000001',
} as const;

/** A chat app. */
export type ChatApp = keyof typeof CHAT_SENDERS;

/** A person on an app: a number where the app has them, else an id of its own; made up. */
export function chatPerson(app: ChatApp, index: number): string {
  const digits = String(index % 10_000).padStart(4, '0');
  switch (app) {
    case 'whatsapp':
    case 'viber':
      return `861380000${digits}`;
    case 'messenger':
      return `240000000000${digits}`;
    case 'instagram':
      return `170000000000${digits}`;
  }
}

/** Whether people have telephone numbers on an app. */
export function hasNumbers(app: ChatApp): boolean {
  return app === 'whatsapp' || app === 'viber';
}

/** A person of WhatsApp whose number nobody is told, by the id that holds for one business only. */
export function businessScopedId(index: number): string {
  return `CN.90000000000${String(index % 10_000).padStart(4, '0')}`;
}
