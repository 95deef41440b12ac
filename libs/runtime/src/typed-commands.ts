import { basename } from 'node:path';

/** What is typed to run our commands. */
export interface TypedCommands {
  /** The operators' commands; what they are told follows behind a space. */
  readonly ops: string;
  readonly migrate: string;
}

const IN_THE_IMAGE: TypedCommands = { ops: 'quittance-ops', migrate: 'quittance migrate' };
const FROM_THE_SOURCES: TypedCommands = { ops: 'npm run ops --', migrate: 'npm run migrate' };

/**
 * How commands are typed where a process runs, so that a hint can be typed as it stands: the image has no npm. Told by what
 * started the process, since only the image has an entry point of that name (container/quittance.mjs).
 * @param startedBy path of the script; Node keeps the name of a link that it was called by
 */
export function typedCommands(startedBy: string | undefined): TypedCommands {
  return /^quittance(?:-ops|\.mjs)?$/.test(basename(startedBy ?? '')) ? IN_THE_IMAGE : FROM_THE_SOURCES;
}

/** How they are typed here. */
export const TYPED = typedCommands(process.argv[1]);
