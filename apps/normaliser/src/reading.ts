import { Identity } from '#contracts';
import { PROVIDERS } from '#providers';
import { softwareVersion, type Configuration } from '#runtime';
import type { SubmissionSettings } from './normalise-submission.js';
import type { NormaliserSettings } from './normalise.js';
import { readerOf } from './reader.js';

/** Everything beside the receipts that decides what becomes of them. An attempt at a batch is made by one. */
export interface Reading {
  readonly settings: NormaliserSettings & SubmissionSettings;
  /** Its name: see `readerOf`. */
  readonly reader: string;
}

/** How receipts and submissions are read by a configuration. */
export function readingOf(configuration: Configuration): Reading {
  const { installation, identityNamespace, sources, accounts } = configuration;
  return {
    settings: {
      installation,
      identity: new Identity(identityNamespace),
      providers: PROVIDERS,
      source: (id) => sources.get(id),
      account: (provider, name) => {
        const account = accounts.get(name);
        return account?.provider === provider ? account : undefined;
      },
    },
    reader: readerOf(softwareVersion(), configuration),
  };
}
