import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A certificate and its key, both PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Who has signed a certificate: an authority made by `testAuthority`. */
export interface TestAuthority extends TestCertificate {
  readonly name: string;
}

/** A self-signed certificate for localhost. */
export function testCertificate(kind: 'rsa' | 'ec'): TestCertificate {
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return certificate({ name: 'localhost', publicKey, extensions: [] }, { name: 'localhost', privateKey }, privateKey);
}

/** An authority that signs certificates of others. */
export function testAuthority(name: string): TestAuthority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.from([0xff]))))];
  return { name, ...certificate({ name, publicKey, extensions }, { name, privateKey }, privateKey) };
}

/** A certificate for localhost and 127.0.0.1 under a name, signed by an authority. */
export function signedCertificate(name: string, authority: TestAuthority): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const subject = { name, publicKey, extensions: [extension(SUBJECT_ALT_NAME, names)] };
  return certificate(subject, { name: authority.name, privateKey: createPrivateKey(authority.key) }, privateKey);
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/**
 * Makes a certificate as X.509 (RFC 5280, section 4.1) writes it. Node makes keys and signatures but no certificates,
 * and a test must not need a program that may not be installed.
 */
function certificate(
  subject: Subject,
  issuer: { readonly name: string; readonly privateKey: KeyObject },
  privateKey: KeyObject,
): TestCertificate {
  const isRsa = issuer.privateKey.asymmetricKeyType === 'rsa';
  const algorithm = isRsa ? sequence(oid(SHA256_WITH_RSA), der(0x05)) : sequence(oid(ECDSA_WITH_SHA256));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(issuer.name),
    sequence(utcTime(Date.now() - DAY), utcTime(Date.now() + DAY)),
    commonName(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    ...(subject.extensions.length === 0 ? [] : [der(0xa3, sequence(...subject.extensions))]),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', content, issuer.privateKey)]));
  const base64 = sequence(content, algorithm, signature).toString('base64');
  const lines = (base64.match(/.{1,64}/g) ?? []).join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const DAY = 24 * 60 * 60 * 1000;
/** Object identifiers, encoded: 1.2.840.113549.1.1.11, 1.2.840.10045.4.3.2, 2.5.4.3, 2.5.29.19, 2.5.29.17. */
const SHA256_WITH_RSA = '2a864886f70d01010b';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALT_NAME = '551d11';

/** One value of DER: tag, length, content. */
function der(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function utcTime(moment: number): Buffer {
  const text = new Date(moment).toISOString().replaceAll(/[-:T]|\.\d{3}/g, '');
  return der(0x17, Buffer.from(text.slice(2)));
}
