import type { Channel, ProviderId } from '#contracts';
import type { Mistake } from '../mistakes.js';
import { pathOf } from '../mistakes.js';
import type {
  Account,
  Configuration,
  Credentials,
  HttpDoor,
  ProviderCatalogue,
  PushAuthentication,
  QueueDoor,
  Sender,
  Source,
} from './configuration.js';
import type { AccountSettings, FileSettings, HttpSettings, MnsSettings, SourceSettings } from './settings.js';
import { DEFAULTS } from './settings.js';
import { parseDuration } from '../duration.js';
import { isMapping } from './shape.js';
import type { Mapping } from './shape.js';

/** A receipt type as the catalogue has it. */
type CatalogueEntry = NonNullable<ProviderCatalogue[ProviderId]>['receiptTypes'][string];

/**
 * What does not go together, although each setting alone may be well formed. The tree may still be of any shape: these
 * mistakes are reported together with those of form.
 */
export function contradictions(tree: unknown, catalogue: ProviderCatalogue): readonly Mistake[] {
  if (!isMapping(tree)) return [];
  const accounts = isMapping(tree.accounts) ? tree.accounts : {};
  const sources: readonly unknown[] = Array.isArray(tree.sources) ? tree.sources : [];
  const ids = new Map<unknown, number>();
  const queues = new Map<string, number>();
  return [
    ...Object.entries(accounts).flatMap(([name, account]) => accountContradictions(name, account, catalogue)),
    ...sources.flatMap((source, index) => {
      if (!isMapping(source)) return [];
      const path = pathOf('sources', index);
      const first = ids.get(source.id);
      ids.set(source.id, first ?? index);
      const repeated =
        first === undefined || source.id === undefined
          ? []
          : [{ path: `${path}.id`, message: `is the id of sources[${first}] already; ids are unique` }];
      return [
        ...repeated,
        ...sourceContradictions(path, source, accounts, catalogue),
        ...doorContradictions(`${path}.http`, source, accounts, catalogue),
        ...queueContradictions(`${path}.mns`, source, accounts, catalogue),
        ...sharedQueue(`${path}.mns.queue`, source.mns, index, queues),
      ];
    }),
  ];
}

function accountContradictions(name: string, account: unknown, catalogue: ProviderCatalogue): readonly Mistake[] {
  const provider = isMapping(account) ? account.provider : undefined;
  if (typeof provider !== 'string' || Object.hasOwn(catalogue, provider)) return [];
  const known = Object.keys(catalogue).join(', ');
  return [{ path: `${pathOf('accounts', name)}.provider`, message: `is not a provider of this version: ${known}` }];
}

function sourceContradictions(
  path: string,
  source: Mapping,
  accounts: Mapping,
  catalogue: ProviderCatalogue,
): readonly Mistake[] {
  const { account: name, receipt, channel } = source;
  if (typeof name !== 'string') return [];
  const account = Object.hasOwn(accounts, name) ? accounts[name] : undefined;
  if (account === undefined) {
    const known = Object.keys(accounts).join(', ');
    return [{ path: `${path}.account`, message: `is not one of the accounts: ${known}` }];
  }
  const provider = isMapping(account) ? account.provider : undefined;
  const receiptTypes = typeof provider === 'string' ? receiptTypesOf(catalogue, provider) : undefined;
  if (receiptTypes === undefined || typeof receipt !== 'string') return [];
  const receiptType = Object.hasOwn(receiptTypes, receipt) ? receiptTypes[receipt] : undefined;
  if (receiptType === undefined) {
    const known = Object.keys(receiptTypes).join(', ');
    return [{ path: `${path}.receipt`, message: `is not a receipt type of the account's provider: ${known}` }];
  }
  return channelContradictions(`${path}.channel`, channel, receiptType, account);
}

function channelContradictions(
  path: string,
  channel: unknown,
  receiptType: CatalogueEntry,
  account: unknown,
): readonly Mistake[] {
  if (receiptType.channel !== null) {
    if (channel === undefined || channel === receiptType.channel) return [];
    return [{ path, message: `contradicts the receipt type, which is always ${receiptType.channel}: remove it` }];
  }
  const senders = isMapping(account) && isMapping(account.senders) ? Object.values(account.senders) : [];
  if (channel !== undefined || senders.some((sender) => isMapping(sender) && sender.channel !== undefined)) return [];
  return [{ path, message: "is needed: neither the receipt type nor the account's senders tell it" }];
}

function doorContradictions(
  path: string,
  source: Mapping,
  accounts: Mapping,
  catalogue: ProviderCatalogue,
): readonly Mistake[] {
  const { http, account } = source;
  if (!isMapping(http)) return [];
  const { tokens, allowFrom, pushKeys, unauthenticated } = http;
  const asksNobody = tokens === undefined && allowFrom === undefined && pushKeys === undefined;
  if (asksNobody && unauthenticated === undefined) {
    const message =
      'lets anybody in: set tokens, pushKeys or allowFrom, or say unauthenticated: true if that is what you want';
    return [{ path, message }];
  }
  if (!asksNobody && unauthenticated !== undefined) {
    return [
      { path: `${path}.unauthenticated`, message: 'contradicts tokens, pushKeys and allowFrom: remove one side' },
    ];
  }
  const provider = typeof account === 'string' && Object.hasOwn(accounts, account) ? accounts[account] : undefined;
  return [
    ...(Array.isArray(tokens) && tokens.length === 2 && tokens[0] === tokens[1]
      ? [{ path: `${path}.tokens[1]`, message: 'is the same as the first one' }]
      : []),
    ...pushContradictions(path, http, isMapping(provider) ? provider.provider : undefined, catalogue),
  ];
}

/** What only means something for queues of the provider's own account. */
const TOKEN_SETTINGS = ['region', 'tokenEndpoint', 'messageType'] as const;

function queueContradictions(
  path: string,
  { mns, account: name }: Mapping,
  accounts: Mapping,
  catalogue: ProviderCatalogue,
): readonly Mistake[] {
  const account = typeof name === 'string' && Object.hasOwn(accounts, name) ? accounts[name] : undefined;
  if (!isMapping(mns) || !isMapping(account)) return [];
  const provider = account.provider;
  if (typeof provider === 'string' && Object.hasOwn(catalogue, provider)) {
    const hasQueues = catalogue[provider as ProviderId]?.queues !== undefined;
    if (!hasQueues) return [{ path, message: "cannot be fetched from: the account's provider has no queues" }];
  }
  const mistakes: Mistake[] = [];
  if (account.credentials === undefined) {
    mistakes.push({ path, message: `needs ${pathOf('accounts', String(name))}.credentials, which open the queue` });
  }
  if (mns.ownQueue === true) {
    for (const setting of TOKEN_SETTINGS) {
      if (mns[setting] === undefined) continue;
      mistakes.push({ path: `${path}.${setting}`, message: 'means nothing with ownQueue: remove one of them' });
    }
    if (mns.queueEndpoint === undefined) {
      mistakes.push({
        path,
        message: 'needs queueEndpoint with ownQueue: https://<account>.mns.<region>.aliyuncs.com',
      });
    }
  }
  return mistakes;
}

/** Two sources at one queue would take each other's receipts. */
function sharedQueue(path: string, mns: unknown, index: number, queues: Map<string, number>): readonly Mistake[] {
  if (!isMapping(mns) || typeof mns.queue !== 'string') return [];
  const queue = JSON.stringify([mns.queue, mns.queueEndpoint ?? mns.region ?? DEFAULTS.region]);
  const first = queues.get(queue);
  queues.set(queue, first ?? index);
  if (first === undefined) return [];
  return [{ path, message: `is the queue of sources[${first}] already: each would get only a part of it` }];
}

/** What only means something where signatures are checked. */
const PUSH_SETTINGS = ['mode', 'maxSkew', 'signedHeaders'] as const;

function pushContradictions(
  path: string,
  http: Mapping,
  provider: unknown,
  catalogue: ProviderCatalogue,
): readonly Mistake[] {
  const { pushKeys } = http;
  if (pushKeys === undefined) {
    return PUSH_SETTINGS.filter((name) => http[name] !== undefined).map((name) => ({
      path: `${path}.${name}`,
      message: 'means nothing without pushKeys',
    }));
  }
  if (typeof provider === 'string' && Object.hasOwn(catalogue, provider)) {
    const known = catalogue[provider as ProviderId];
    if (known?.checkSignature === undefined) {
      return [{ path: `${path}.pushKeys`, message: "cannot be checked: the account's provider signs nothing" }];
    }
  }
  const accessKeys = Array.isArray(pushKeys)
    ? pushKeys.map((pair: unknown) => (isMapping(pair) ? pair.accessKey : undefined))
    : [];
  return accessKeys.flatMap((key, index) =>
    key !== undefined && accessKeys.indexOf(key) < index
      ? [{ path: `${path}.pushKeys[${index}].accessKey`, message: 'stands here a second time' }]
      : [],
  );
}

function receiptTypesOf(
  catalogue: ProviderCatalogue,
  provider: string,
): Readonly<Record<string, CatalogueEntry>> | undefined {
  return Object.hasOwn(catalogue, provider) ? catalogue[provider as ProviderId]?.receiptTypes : undefined;
}

/** The checked file made flat: each source with what it has from its account and from the catalogue. */
export function configurationOf(file: FileSettings, catalogue: ProviderCatalogue, secrets: boolean): Configuration {
  const sources = file.sources.map((source): readonly [string, Source] => {
    const account = file.accounts[source.account];
    const receiptType = account && receiptTypesOf(catalogue, account.provider)?.[source.receipt];
    if (!account || !receiptType) throw new Error('a source was taken for checked that is not');
    return [source.id, sourceOf(source, account, receiptType, secrets)];
  });
  return {
    installation: file.installation ?? DEFAULTS.installation,
    identityNamespace: file.identityNamespace.toLowerCase(),
    trustedProxies: file.trustedProxies ?? [],
    accounts: new Map(
      Object.entries(file.accounts).map(([name, account]) => [
        name,
        accountOf(account, channelsOf(name, account, file.sources, catalogue)),
      ]),
    ),
    sources: new Map(sources),
  };
}

function sourceOf(source: SourceSettings, account: AccountSettings, type: CatalogueEntry, secrets: boolean): Source {
  return {
    id: source.id,
    provider: account.provider as ProviderId,
    account: source.account,
    receipt: source.receipt,
    channel: type.channel ?? source.channel ?? null,
    labels: account.labels ?? {},
    timeZone: account.timeZone ?? DEFAULTS.timeZone,
    senders: sendersOf(account),
    sendStatusOne: source.sendStatusOne ?? null,
    expectWithin: source.expectWithin === undefined ? null : milliseconds(source.expectWithin),
    http: secrets && source.http ? doorOf(source.http, type.deadline) : null,
    mns: secrets && source.mns && account.credentials ? queueOf(source, source.mns, account.credentials) : null,
  };
}

/** A receipt type that does not say its channel leaves it to its source and to the senders of the account. */
function channelsOf(
  name: string,
  account: AccountSettings,
  sources: readonly SourceSettings[],
  catalogue: ProviderCatalogue,
): readonly Channel[] {
  const listed = Object.values(account.senders ?? {}).flatMap(({ channel }) => channel ?? []);
  const said = sources
    .filter((source) => source.account === name)
    .flatMap(({ receipt, channel }): readonly Channel[] => {
      const always = receiptTypesOf(catalogue, account.provider)?.[receipt]?.channel ?? null;
      return always === null ? [...(channel === undefined ? [] : [channel]), ...listed] : [always];
    });
  return [...new Set(said)].sort();
}

function accountOf(account: AccountSettings, channels: readonly Channel[]): Account {
  return {
    provider: account.provider as ProviderId,
    labels: account.labels ?? {},
    senders: sendersOf(account),
    channels,
    expectReportWithin: milliseconds(account.expectReportWithin ?? DEFAULTS.expectReportWithin),
  };
}

function sendersOf({ senders = {} }: AccountSettings): ReadonlyMap<string, Sender> {
  return new Map(
    Object.entries(senders).map(([number, { channel, labels }]) => [
      number,
      { channel: channel ?? null, labels: labels ?? {} },
    ]),
  );
}

function doorOf(http: HttpSettings, deadline: number): HttpDoor {
  return {
    tokens: http.tokens ?? [],
    allowFrom: http.allowFrom ?? [],
    push: pushOf(http),
    deadline: http.deadline === undefined ? deadline : milliseconds(http.deadline),
    unauthenticated: http.unauthenticated ?? false,
  };
}

function queueOf(source: SourceSettings, mns: MnsSettings, credentials: Credentials): QueueDoor {
  const { accessKeyId, accessKeySecret } = credentials;
  return {
    queue: mns.queue,
    region: mns.region ?? DEFAULTS.region,
    queueEndpoint: mns.queueEndpoint ?? null,
    token:
      mns.ownQueue === true
        ? null
        : { endpoint: mns.tokenEndpoint ?? null, messageType: mns.messageType ?? source.receipt },
    credentials: { accessKeyId, accessKeySecret },
    concurrency: mns.concurrency ?? DEFAULTS.concurrency,
    wait: milliseconds(mns.wait ?? DEFAULTS.wait) / 1_000,
    paused: mns.paused ?? DEFAULTS.paused,
  };
}

function pushOf({ pushKeys, mode, maxSkew, signedHeaders }: HttpSettings): PushAuthentication | null {
  if (pushKeys === undefined) return null;
  return {
    keys: pushKeys.map(({ accessKey, secretKey }) => ({ accessKey, secretKey })),
    mode: mode ?? DEFAULTS.mode,
    maxSkew: maxSkew === undefined ? null : milliseconds(maxSkew),
    signedHeaders: new Map(
      Object.entries<string>((signedHeaders as Readonly<Record<string, string>> | undefined) ?? {}),
    ),
  };
}

/** Of a duration that has been checked. */
function milliseconds(text: string): number {
  const duration = parseDuration(text);
  if (duration === null) throw new Error('a duration was taken for checked that is none');
  return duration;
}
