import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { reasonOf } from './door-check.js';
import { right, wrong, type Finding } from './finding.js';

/** https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html: TLS 1.2 with at least one of these. */
const FOR_HUAWEI = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');

const PATIENCE = 10_000;
const DAY = 86_400_000;
/** Renewals come 30 days before; who has fewer than this has missed one. */
const FEW_DAYS = 14;

/** What a handshake agreed on. */
interface Handshake {
  readonly protocol: string;
  readonly suite: string;
  readonly certificate: PeerCertificate;
}

/**
 * Looks at the TLS of the public address as providers do: chain and name of the certificate, how long it holds, and what
 * Huawei Cloud asks for.
 * @param needsHuawei whether one of its sources is checked
 * @param trusted authorities beside those that Node knows, PEM; for tests
 */
export async function checkTls(publicUrl: string, needsHuawei: boolean, trusted?: string): Promise<readonly Finding[]> {
  const url = new URL(publicUrl);
  if (url.protocol === 'http:') {
    return [wrong('tls', 'none: tokens are part of the address and receipts hold numbers, so let providers use https')];
  }
  const to: ConnectionOptions = {
    host: url.hostname,
    port: Number(url.port || 443),
    ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
    ...(trusted === undefined ? {} : { ca: trusted }),
  };
  const findings: Finding[] = [];
  try {
    const { protocol, suite, certificate } = await shakeHands(to);
    findings.push(right('tls', `${protocol} with ${suite}; chain and name hold`), ofExpiry(certificate));
  } catch (error) {
    findings.push(wrong('tls', `providers cannot connect (${reasonOf(error)}): ${adviceFor(reasonOf(error))}`));
  }
  if (needsHuawei) findings.push(await checkForHuawei(to));
  return findings;
}

function ofExpiry({ valid_to: validTo }: PeerCertificate): Finding {
  const days = Math.floor((Date.parse(validTo) - Date.now()) / DAY);
  const says = `the certificate holds for ${days} more days, until ${new Date(validTo).toISOString()}`;
  return days < FEW_DAYS ? wrong('expiry', `${says}: renew it`) : right('expiry', says);
}

async function checkForHuawei(to: ConnectionOptions): Promise<Finding> {
  try {
    const options = { ...to, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: FOR_HUAWEI } as const;
    // Whether the certificate holds was said above.
    const { suite } = await shakeHands({ ...options, rejectUnauthorized: false });
    return right('huawei', `TLS 1.2 with ${suite}`);
  } catch (error) {
    return wrong(
      'huawei',
      `no TLS 1.2 with a suite that Huawei Cloud has (${reasonOf(error)}): see docs/tls.md; it never pushes again`,
    );
  }
}

function shakeHands(to: ConnectionOptions): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...to, timeout: PATIENCE });
    socket.once('secureConnect', () => {
      resolve({
        protocol: socket.getProtocol() ?? 'none',
        suite: socket.getCipher().standardName,
        certificate: socket.getPeerCertificate(),
      });
      socket.destroy();
    });
    socket.once('timeout', () => {
      reject(Object.assign(new Error('no handshake'), { code: 'Timeout' }));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const ADVICE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'renew the certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate must come from an authority that the provider knows',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate must come from an authority that the provider knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the file must hold the certificates between it and its root too',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the file must hold the certificates between it and its root too',
};

function adviceFor(code: string): string {
  return ADVICE[code] ?? 'check the address, DNS, and what stands in front of the ingress';
}
