import { topicNames } from '#contracts';
import { TopicReader } from '#kafka';
import { PROVIDERS } from '#providers';
import { StartError, type Configuration, type EnvironmentOf, type Source } from '#runtime';
import { describeSource } from './address.js';
import { sendCanary } from './canary.js';
import type { CheckRequest } from './command-line.js';
import { checkDoor } from './door-check.js';
import { draw, told, type Finding } from './finding.js';
import { checkQueue } from './queue-check.js';
import { checkTls } from './tls-check.js';

/** What a check works with. */
export interface CheckContext {
  readonly configuration: Configuration;
  readonly environment: Pick<EnvironmentOf<'tool'>, 'kafka' | 'topicPrefix' | 'mnsQueueEndpoint' | 'mnsTokenEndpoint'>;
  /** A line of the result. */
  readonly print: (line: string) => void;
}

/** Nothing wrong is not the same as nothing looked at. */
const NOT_LOOKED_AT = 'not looked at: --public-url https://HOST says where providers reach us';

/**
 * Checks whether what providers are told, and what they will meet, fit together.
 * @returns whether nothing was wrong
 * @throws StartError when there is no such source
 */
export async function checkSources(
  { configuration, environment, print }: CheckContext,
  request: CheckRequest,
): Promise<boolean> {
  const { source: wanted, publicUrl, canary } = request;
  const sources = [...configuration.sources.values()].filter(({ id }) => wanted === null || id === wanted);
  if (sources.length === 0) throw new StartError(`there is no source ${wanted ?? 'in the configuration'}`);
  const isPushed = sources.some(({ http }) => http !== null);
  const reader = canary ? new TopicReader(environment.kafka) : null;
  let isRight = true;
  const report = (findings: readonly Finding[]) => {
    for (const line of draw(findings)) print(line);
    if (findings.some(({ verdict }) => verdict === 'wrong')) isRight = false;
  };
  try {
    if (publicUrl !== null && isPushed) {
      print(publicUrl);
      report(
        await checkTls(
          publicUrl,
          sources.some((source) => source.provider === 'huawei'),
        ),
      );
    }
    for (const source of sources) {
      const provider = PROVIDERS[source.provider]!;
      print(nameOf(source));
      report(describeSource(source, provider, request));
      if (source.http !== null) {
        report([publicUrl === null ? told('door', NOT_LOOKED_AT) : await checkDoor(source, publicUrl)]);
      }
      if (source.mns !== null) report(await checkQueue(source.mns, environment));
      if (reader !== null && source.http !== null) {
        report([
          await sendCanary(source, provider, {
            publicUrl: publicUrl!,
            reader,
            topics: topicNames(environment.topicPrefix),
          }),
        ]);
      }
    }
  } finally {
    await reader?.close();
  }
  return isRight;
}

function nameOf({ id, provider, account, receipt }: Source): string {
  return `${id}: ${receipt} of ${account} (${provider})`;
}
