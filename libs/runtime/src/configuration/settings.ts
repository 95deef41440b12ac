import { Equals, IsBoolean, IsIn, IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { Optional, Required } from './setting.js';
import {
  addresses,
  CHANNEL_ADVICE,
  CHANNELS,
  deadlineRule,
  endpoint,
  headerValue,
  labels,
  maxSkewRule,
  MOST_RECEIVES,
  NAME,
  RECEIVES_ADVICE,
  reportWaitRule,
  SENDER,
  silenceRule,
  timeZoneRule,
  tokens,
  waitRule,
} from './setting-rules.js';
import { listOf, mappingOf, Obeys, shapedLike, textLike } from './shape.js';

/** The file as people write it. The tables of docs/configuration.md are made of what stands here. */

/** What holds where a setting is left out. */
export const DEFAULTS = {
  installation: 'quittance',
  timeZone: 'Asia/Shanghai',
  expectReportWithin: '72h',
  mode: 'enforce',
  region: 'mainland',
  /** Requests for messages at once; of sixteen messages each. */
  concurrency: 4,
  /** Shorter than what NATs and proxies usually allow a silent connection. */
  wait: '20s',
  paused: false,
} as const;

/** What a business number or page is. */
export class SenderSettings {
  @Optional(`${CHANNELS.join(', ')}. Beats that of the source.`, {
    unset: 'that of the source',
  })
  @IsIn(CHANNELS, { message: CHANNEL_ADVICE })
  channel?: (typeof CHANNELS)[number];

  @Optional('Beside those of the account; of two by one name this one counts.')
  @Obeys(labels)
  labels?: Record<string, string>;
}

/** What the provider's API wants of whoever fetches from its queues. */
export class CredentialSettings {
  @Required('Access key of a RAM user that may do nothing else (AliyunDysmsFullAccess and AliyunMNSFullAccess).')
  @Obeys(textLike(/^\S+$/, 'must be text without spaces'))
  accessKeyId!: string;

  @Required('The secret that belongs to it.')
  @Obeys(textLike(/^\S+$/, 'must be text without spaces'))
  accessKeySecret!: string;
}

/** What the sources of one account have in common. */
export class AccountSettings {
  @Required('`alibaba`, `huawei`, `tencent` or `volcengine`.')
  @IsString({ message: 'must name the provider' })
  provider!: string;

  @Optional("What the provider's API is entered with, to open queues: below.")
  @Obeys(shapedLike(CredentialSettings))
  credentials?: CredentialSettings;

  @Optional('IANA zone of the local times that the provider sends without an offset.', { default: DEFAULTS.timeZone })
  @Obeys(timeZoneRule)
  timeZone?: string;

  @Optional('Texts of your own, up to 256 characters each, copied to every event of the account.')
  @Obeys(labels)
  labels?: Record<string, string>;

  @Optional(
    'How long to wait for the final report of a message that a sending service told us of without saying how long, `1s` to `90d`.',
    { default: DEFAULTS.expectReportWithin, unit: 'duration', see: 'submissions.md#when-no-report-comes' },
  )
  @Obeys(reportWaitRule)
  expectReportWithin?: string;

  @Optional('What business numbers and pages are, by the number as the provider reports it: below.')
  @Obeys(mappingOf(SENDER, shapedLike(SenderSettings)))
  senders?: Record<string, SenderSettings>;
}

/** A key pair that the provider signs pushes with. */
export class PushKeySettings {
  @Required('What the provider names in its signature, without spaces or commas.')
  @Obeys(textLike(/^[^\s,]{1,200}$/, 'must be the access key, without spaces or commas'))
  accessKey!: string;

  @Required('What it signs with.')
  @Obeys(textLike(/^\S{1,200}$/, 'must be the secret key, without spaces'))
  secretKey!: string;
}

/** What the provider signed, where a proxy in front of us rewrites it. Whatever else is signed has to arrive as it was. */
export class SignedHeaderSettings {
  @Optional('`Host` as it was when the push was signed.', { unset: 'as it came' })
  @Obeys(headerValue)
  host?: string;

  @Optional('`Connection` as it was when the push was signed.', { unset: 'as it came' })
  @Obeys(headerValue)
  connection?: string;
}

/** How a source is pushed to. */
export class HttpSettings {
  @Optional('One secret path segment, or two while you change it: 16 to 200 letters, digits, dashes, underscores.')
  @Obeys(tokens)
  tokens?: string[];

  @Optional('Addresses and networks, IPv4 or IPv6, that may push.', { unset: 'any' })
  @Obeys(addresses)
  allowFrom?: string[];

  @Optional('Key pairs that the provider signs pushes with, any number at once: below.', {
    unset: 'signatures are not looked at',
  })
  @Obeys(listOf(shapedLike(PushKeySettings), { least: 1 }))
  pushKeys?: PushKeySettings[];

  @Optional(
    '`enforce`: a signature that does not hold is answered 401. `log-only`: it is counted and logged, and the push is taken; begin with it.',
    { default: DEFAULTS.mode },
  )
  @IsIn(['enforce', 'log-only'], { message: 'must be enforce or log-only' })
  mode?: 'enforce' | 'log-only';

  @Optional(
    'How far the date of a signature may be from now. Without it a correctly signed push with an old date is taken and counted: to replay one changes nothing, and providers do not repeat what is refused.',
    { unset: 'any date will do', unit: 'duration' },
  )
  @Obeys(maxSkewRule)
  maxSkew?: string;

  @Optional('What the provider signed, where a proxy in front rewrites it: below.')
  @Obeys(shapedLike(SignedHeaderSettings))
  signedHeaders?: SignedHeaderSettings;

  @Optional('Time from the head of a request to its answer, `50ms` to `10s`; then 503.', {
    unset: 'that of the receipt type',
    unit: 'duration',
  })
  @Obeys(deadlineRule)
  deadline?: string;

  @Optional('`true` says that anybody may push. It stands alone.', { unset: 'somebody must be asked who he is' })
  @IsBoolean({ message: 'must be true or false' })
  @Equals(true, { message: 'must be true, or left out' })
  unauthenticated?: boolean;
}

/** How a source is fetched from a queue of Alibaba Cloud's MNS. */
export class MnsSettings {
  @Required('Its name, as the console shows it. It belongs to one source.')
  @Obeys(textLike(/^[A-Za-z0-9][A-Za-z0-9-]{0,255}$/, 'must be the name of a queue: letters, digits and dashes'))
  queue!: string;

  @Optional("`mainland` or `international`: which of the vendor's endpoints are meant.", { default: DEFAULTS.region })
  @IsIn(['mainland', 'international'], { message: 'must be mainland or international' })
  region?: 'mainland' | 'international';

  @Optional('Address for tokens, as `https://host`, for VPCs and private networks.', { unset: "the region's" })
  @Obeys(endpoint)
  tokenEndpoint?: string;

  @Optional('The same for the queue.', { unset: "the region's" })
  @Obeys(endpoint)
  queueEndpoint?: string;

  @Optional('What a token is asked for; another one only where the vendor calls the contents otherwise.', {
    unset: '`receipt` of the source',
  })
  @Obeys(textLike(/^[A-Za-z0-9]{1,64}$/, 'must be a message type of the provider: letters and digits'))
  messageType?: string;

  @Optional(
    '`true`: a queue in your own account. Its credentials open it, no token is asked for, `queueEndpoint` is needed, and its visibility timeout should be 30 s or more.',
    { unset: "a queue of the provider's account" },
  )
  @IsBoolean({ message: 'must be true or false' })
  @Equals(true, { message: 'must be true, or left out' })
  ownQueue?: boolean;

  @Optional(
    `Most requests at once, 1 to ${MOST_RECEIVES}, of up to 16 messages each. One waits for messages; others join while full batches come.`,
    { default: String(DEFAULTS.concurrency), unit: 'requests' },
  )
  @IsInt({ message: RECEIVES_ADVICE })
  @Min(1, { message: RECEIVES_ADVICE })
  @Max(MOST_RECEIVES, { message: RECEIVES_ADVICE })
  concurrency?: number;

  @Optional('How long a request waits for a message, `1s` to `30s`.', { default: DEFAULTS.wait, unit: 'duration' })
  @Obeys(waitRule)
  wait?: string;

  @Optional(
    '`true`: nothing is fetched, and the queue keeps it; nor is anything awaited (`expectWithin`), where it is the only door.',
    { default: String(DEFAULTS.paused) },
  )
  @IsBoolean({ message: 'must be true or false' })
  paused?: boolean;
}

/** One receipt type of one account. */
export class SourceSettings {
  @Required('Unique; up to 64 small letters, digits, dashes. It appears in addresses, record headers and metrics.')
  @Obeys(textLike(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 small letters, digits or dashes'))
  id!: string;

  @Required('One of `accounts`.')
  @IsString({ message: 'must name one of the accounts' })
  account!: string;

  @Required("The provider's receipt type, below.")
  @IsString({ message: "must be the provider's name of a receipt type" })
  receipt!: string;

  @Optional('One of those of a sender; only for receipt types that do not tell it.', {
    unset: 'that of the receipt type',
  })
  @IsIn(CHANNELS, { message: CHANNEL_ADVICE })
  channel?: (typeof CHANNELS)[number];

  @Optional('What `SendStatus` 1 of Alibaba means in reports of the form of 2019: `delivered` or `submitted`.', {
    unset: 'text `"1"`: delivered, number `1`: pending',
  })
  @IsIn(['delivered', 'submitted'], { message: 'must be delivered or submitted' })
  sendStatusOne?: 'delivered' | 'submitted';

  @Optional(
    'How long the source may bring nothing before an alert says so: longer than its longest quiet hour; `1m` to `31d`.',
    { unset: 'never', unit: 'duration', see: 'runbooks.md#quittancesourcesilent' },
  )
  @Obeys(silenceRule)
  expectWithin?: string;

  @Optional('The door for pushes, below.')
  @Obeys(shapedLike(HttpSettings))
  http?: HttpSettings;

  @Optional(
    'The queue that the source is fetched from, below. It may have both doors. Without either it takes nothing in, but what it took in before is still understood.',
  )
  @Obeys(shapedLike(MnsSettings))
  mns?: MnsSettings;
}

/** The whole file. */
export class FileSettings {
  @Optional("First segment of every event's `source`; up to 63 small letters, digits, dashes.", {
    default: DEFAULTS.installation,
  })
  @Obeys(textLike(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be up to 63 small letters, digits or dashes'))
  installation?: string;

  @Required(
    'A UUID that every key and id derives from. **Secret, and never to be changed**: with another one nothing is recognised again. Make it with `uuidgen`.',
  )
  @Matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, {
    message: 'must be a UUID that is kept secret and never changed; make one with uuidgen',
  })
  identityNamespace!: string;

  @Optional('Addresses and networks of your own proxies, whose `X-Forwarded-For` is believed.', {
    unset: 'the address of the connection counts',
  })
  @Obeys(addresses)
  trustedProxies?: string[];

  @Required('Mapping of your names to accounts.')
  @Obeys(mappingOf(NAME, shapedLike(AccountSettings)))
  accounts!: Record<string, AccountSettings>;

  @Required('List, at least one.')
  @Obeys(listOf(shapedLike(SourceSettings), { least: 1 }))
  sources!: SourceSettings[];
}
