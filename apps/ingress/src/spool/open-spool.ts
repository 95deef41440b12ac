import { StartError, type Environment, type Health, type Logger } from '#runtime';
import { Spool } from './spool.js';
import type { SpoolNote } from './spool-terms.js';

/** So many segments make up the whole spool: what is drained gives its space back a segment at a time. */
const SEGMENTS = 16;
/** A larger one would only be slower to give its space back. */
const LARGEST_SEGMENT = 64 * 1024 * 1024;

/**
 * Opens the spool that the environment names; null where it names none.
 * @throws StartError if its folder cannot be written
 */
export async function openSpool(
  { spoolDirectory: directory, spoolBytes: maxBytes, queueRecords, queueBytes }: Environment,
  logger: Logger,
  health: Health,
): Promise<Spool | null> {
  if (directory === null) return null;
  const settings = { directory, maxBytes, segmentBytes: Math.min(LARGEST_SEGMENT, maxBytes / SEGMENTS) };
  try {
    return await Spool.open(settings, {
      limits: { records: queueRecords, bytes: queueBytes },
      onNote: (note) => {
        logNote(logger, note);
      },
      onDeath: (reason) => {
        health.fatal(reason);
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`the spool in ${directory} cannot be written (${reason}): check SPOOL_DIRECTORY`);
  }
}

function logNote(logger: Logger, note: SpoolNote): void {
  if (note.kind === 'adopted') logger.info({ folder: note.folder, segments: note.segments }, 'spool.adopted');
  else if (note.kind === 'not-adopted') logger.warn({ name: note.name, reason: note.reason }, 'spool.not-adopted');
  else if (note.kind === 'failed') logger.error({ reason: note.reason }, 'spool.failed');
  else logger.error({ file: note.file, unread: note.unreadable }, 'spool.set-aside');
}
