import type { Provider } from '#providers';
import type { Source } from '#runtime';

/** Something about a source that works and is dangerous. */
export interface StartWarning {
  readonly source: string;
  readonly warning: string;
}

/**
 * What to warn of when the ingress starts.
 * @param hasSpool whether receipts go to a disk while Kafka is away
 */
export function startWarnings(
  sources: Iterable<Source>,
  providers: Readonly<Record<string, Provider>>,
  hasSpool: boolean,
): readonly StartWarning[] {
  return [...sources].flatMap(({ id, provider, receipt, http, mns }): StartWarning[] => {
    if (http === null) return [];
    const warnings: StartWarning[] = [];
    if (mns !== null && providers[provider]?.receiptTypes[receipt]?.timeless === true) {
      warnings.push({
        source: id,
        warning:
          'has two doors for receipts without id and time: what comes through both counts twice, and a late push may ' +
          'undo what came after it; one door is safer',
      });
    }
    if (providers[provider]?.pushesOnce === true && !hasSpool) {
      warnings.push({
        source: id,
        warning: 'this provider never pushes again: without a spool, what comes while Kafka is away is lost',
      });
    }
    if (http.push?.mode === 'log-only' && http.tokens.length === 0 && http.allowFrom.length === 0) {
      warnings.push({
        source: id,
        warning: 'lets anybody in: mode is log-only, and there are neither tokens nor allowFrom',
      });
    }
    return warnings;
  });
}
