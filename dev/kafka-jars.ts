import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Refusal } from './refusal.js';

const run = promisify(execFile);

/** The first Java that Kafka 4 brokers run on (https://kafka.apache.org/documentation/#java). */
const OLDEST_JAVA = 17;

/** What the machine has for an embedded broker; texts say what is missing, for people. */
export interface JavaTools {
  readonly java: boolean;
  readonly maven: boolean;
}

/** Looks for a Java that is new enough, and for Maven. Takes about half a second. */
export async function findJavaTools(): Promise<JavaTools> {
  const [java, maven] = await Promise.all([
    run('java', ['-version']).then(
      // `openjdk version "17.0.15" 2025-04-15`, on stderr; before Java 9 it was "1.8.0".
      ({ stderr }) => Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= OLDEST_JAVA,
      () => false,
    ),
    run('mvn', ['--version']).then(
      () => true,
      () => false,
    ),
  ]);
  return { java, maven };
}

/** Whether the jars for this pom are there already. */
export function hasKafkaJars(pomFile: string, libDirectory: string): boolean {
  const stamp = join(libDirectory, 'pom.sha256');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(pomFile);
}

/**
 * Copies the broker's jars, with Maven, into `libDirectory`, unless they are there. 54 MB, seconds.
 * They appear as a whole: an interrupted download leaves nothing that looks complete.
 */
export async function fetchKafkaJars(pomFile: string, libDirectory: string): Promise<void> {
  if (hasKafkaJars(pomFile, libDirectory)) return;
  const partial = `${libDirectory}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(libDirectory), { recursive: true });
  try {
    await run('mvn', [
      '--quiet',
      '--batch-mode',
      '--file',
      pomFile,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${partial}`,
    ]);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    const output = (error as { stdout?: string }).stdout ?? '';
    const firstError = output.split('\n').find((line) => line.includes('ERROR'));
    throw new Refusal(`Maven could not fetch Kafka (see dev/pom.xml): ${firstError ?? 'mvn failed'}`);
  }
  writeFileSync(join(partial, 'pom.sha256'), hashOf(pomFile));
  rmSync(libDirectory, { recursive: true, force: true });
  try {
    renameSync(partial, libDirectory);
  } catch (error) {
    // Another run was quicker: its jars are the same.
    rmSync(partial, { recursive: true, force: true });
    if (!hasKafkaJars(pomFile, libDirectory)) throw error;
  }
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
