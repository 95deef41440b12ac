import type { OpsContext } from '../ops-context.js';
import { discard, type DiscardOptions } from './discard.js';
import { exportLetters, type ExportOptions } from './export.js';
import { list, type ListOptions } from './list.js';
import { redrive, type RedriveOptions } from './redrive.js';
import { show, type ShowOptions } from './show.js';

/** What is done with dead letters. */
export type DeadLettersCommand =
  | ({ readonly action: 'list' } & ListOptions)
  | ({ readonly action: 'show' } & ShowOptions)
  | ({ readonly action: 'redrive' } & RedriveOptions)
  | ({ readonly action: 'discard' } & DiscardOptions)
  | ({ readonly action: 'export' } & ExportOptions);

/** @returns whether everything was done that was asked for */
export async function runDeadLetters(context: OpsContext, command: DeadLettersCommand): Promise<boolean> {
  switch (command.action) {
    case 'redrive':
      return redrive(context, command);
    case 'list':
      await list(context, command);
      return true;
    case 'show':
      await show(context, command);
      return true;
    case 'discard':
      await discard(context, command);
      return true;
    case 'export':
      await exportLetters(context, command);
      return true;
  }
}
