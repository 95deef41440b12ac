import { join } from 'node:path';
import { DEV_DIRECTORY, REPOSITORY } from '../../dev/places.js';
import { findJavaTools } from '../../dev/kafka-jars.js';
import { buildOnce, hashOf } from '../toolchains/build-once.js';
import { findPythonEnvironment } from '../toolchains/python-environment.js';
import { runStep, StepFailed, unlessMissing, type Missing } from '../toolchains/run-step.js';

/** How an example is started. */
export interface ExampleProgram {
  readonly command: string;
  readonly args: readonly string[];
}

const EXAMPLES = join(REPOSITORY, 'examples');
const BUILT = join(DEV_DIRECTORY, 'examples');

/** What a compiler says, and no registry or missing tool does. A mistake in an example is no reason not to test it. */
const OUR_MISTAKE = /COMPILATION ERROR|DO NOT MATCH THE HASHES|^\.?\/?\w+\.go:\d+:\d+/m;

/** Builds the three examples, or says why one cannot be run here. @throws when an example itself is wrong */
export async function buildExamples(): Promise<Readonly<Record<'Java' | 'Python' | 'Go', ExampleProgram | Missing>>> {
  const [java, python, go] = await Promise.all([buildJava, preparePython, buildGo].map(unlessOurMistake));
  return { Java: java!, Python: python!, Go: go! };
}

async function unlessOurMistake(build: () => Promise<ExampleProgram>): Promise<ExampleProgram | Missing> {
  return unlessMissing(async () => {
    try {
      return await build();
    } catch (error) {
      if (error instanceof StepFailed && OUR_MISTAKE.test(error.output))
        throw new Error(error.output, { cause: error });
      throw error;
    }
  });
}

async function buildJava(): Promise<ExampleProgram> {
  const { java, maven } = await findJavaTools();
  if (!java || !maven) throw new StepFailed('Java', '', 'Java 17 or newer and Maven are needed');
  const source = join(EXAMPLES, 'subscribe-java');
  const pom = join(source, 'pom.xml');
  const built = join(BUILT, 'subscribe-java');
  await buildOnce(built, [pom, join(source, 'src/main/java/Subscribe.java')], (directory) =>
    runStep('mvn compile', 'mvn', [
      '--quiet',
      '--batch-mode',
      '--file',
      pom,
      'compile',
      `-DbuildDirectory=${directory}`,
    ]),
  );
  const classPath = [join(built, 'classes'), join(built, 'lib', '*')].join(':');
  return {
    command: 'java',
    args: ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'Subscribe'],
  };
}

async function preparePython(): Promise<ExampleProgram> {
  const source = join(EXAMPLES, 'subscribe-python');
  const requirements = join(source, 'requirements.txt');
  const environment = await findPythonEnvironment(
    `subscribe-${hashOf([requirements]).slice(0, 12)}`,
    ['--require-hashes', '--requirement', requirements],
    'import cloudevents, confluent_kafka',
  );
  if ('missing' in environment) throw new StepFailed('Python', environment.missing, environment.missing);
  return { command: environment.python, args: ['-B', join(source, 'subscribe.py')] };
}

async function buildGo(): Promise<ExampleProgram> {
  const source = join(EXAMPLES, 'subscribe-go');
  const files = ['go.mod', 'go.sum', 'subscribe.go', 'read_event.go'].map((file) => join(source, file));
  const built = join(BUILT, 'subscribe-go');
  await buildOnce(built, files, async (directory) => {
    await runStep('go mod download', 'go', ['mod', 'download'], { cwd: source });
    await runStep('go build', 'go', ['build', '-o', join(directory, 'subscribe'), '.'], { cwd: source });
  });
  return { command: join(built, 'subscribe'), args: [] };
}
