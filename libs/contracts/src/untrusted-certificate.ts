/** Node's codes for certificates that are not believed: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = /^(?:ERR_TLS_CERT_|UNABLE_TO_|CERT_|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Whether a connection failed because the certificate of the other side is not believed. @param code of Node's error */
export function isUntrustedCertificate(code: unknown): code is string {
  return typeof code === 'string' && UNTRUSTED.test(code);
}
