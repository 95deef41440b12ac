import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Faults } from './faults.js';
import { rpcSignature } from './rpc-signature.js';
import { one } from './signature.js';
import type { CustomerKey, QueueToken, Tokens } from './tokens.js';

/** What the token endpoint works with. */
export interface TokenEndpoint {
  /** Null: no key is known, and every request is refused. */
  readonly customer: CustomerKey | null;
  readonly tokens: Tokens;
  readonly faults: Faults;
  /** Seconds, unless a fault says otherwise. */
  readonly lifetimeSeconds: number;
  /** The clock, Unix ms. */
  readonly now: () => number;
}

const ACTION = 'QueryTokenForMnsQueue';
/** Clients for the mainland and for abroad differ. */
const VERSIONS = ['2017-05-25', '2018-05-01'];
const MOST_SKEW = 15 * 60 * 1000;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
/** The vendor's times are local to it: UTC+8, without summer time. */
const VENDOR_OFFSET = 8 * 60 * 60 * 1000;

/** An RPC error: status, code, text. */
type Refusal = readonly [status: number, code: string, message: string];

/** Serves `QueryTokenForMnsQueue` at `/`, with parameters in the query, the form body or both. Answers JSON only. */
export function serveTokens(fastify: FastifyInstance, endpoint: TokenEndpoint): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  const handle = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const parameters = readParameters(request.raw.url ?? '', typeof request.body === 'string' ? request.body : '');
    const { status, body } = answerTokenRequest(request.method, parameters, one(request.headers.host), endpoint);
    return reply.code(status).header('content-type', 'application/json;charset=utf-8').send(JSON.stringify(body));
  };
  fastify.get('/', handle);
  fastify.post('/', handle);
}

function readParameters(target: string, form: string): Map<string, string> {
  const [, query = ''] = target.split('?');
  return new Map([...new URLSearchParams(query), ...new URLSearchParams(form)]);
}

/**
 * The answer to a request for a token.
 * @param parameters decoded
 * @param host what was asked, for the error's body
 */
export function answerTokenRequest(
  method: string,
  parameters: ReadonlyMap<string, string>,
  host: string,
  endpoint: TokenEndpoint,
): { readonly status: number; readonly body: object } {
  const requestId = randomUUID().toUpperCase();
  const refusal = refusalOf(method, parameters, endpoint);
  if (refusal !== null) {
    const [status, code, message] = refusal;
    return { status, body: { RequestId: requestId, HostId: host, Code: code, Message: message } };
  }
  const lifetime = endpoint.faults.settings.lifetimeSeconds ?? endpoint.lifetimeSeconds;
  const token = endpoint.tokens.issue(parameters.get('MessageType')!, lifetime);
  return {
    status: 200,
    body: { Code: 'OK', Message: 'OK', RequestId: requestId, MessageTokenDTO: tokenBody(token) },
  };
}

function refusalOf(method: string, parameters: ReadonlyMap<string, string>, endpoint: TokenEndpoint): Refusal | null {
  const given = (name: string): string => parameters.get(name) ?? '';
  const missing = (name: string): Refusal => [400, `Missing${name}`, `${name} is mandatory for this action.`];
  if (given('Action') !== ACTION) {
    return [404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.'];
  }
  if (!VERSIONS.includes(given('Version'))) {
    return [400, 'InvalidVersion', 'Specified parameter Version is not valid.'];
  }
  if (given('AccessKeyId') === '') return missing('AccessKeyId');
  if (given('Signature') === '') return missing('Signature');
  if (given('SignatureNonce') === '') return missing('SignatureNonce');
  if (given('SignatureMethod') !== 'HMAC-SHA1') {
    return [400, 'InvalidSignatureMethod', 'Specified parameter SignatureMethod is not valid.'];
  }
  if (given('Timestamp') === '') return missing('Timestamp');
  const time = Date.parse(given('Timestamp'));
  if (!TIMESTAMP.test(given('Timestamp')) || Number.isNaN(time)) {
    return [400, 'InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.'];
  }
  if (Math.abs(endpoint.now() - time) > MOST_SKEW) {
    return [400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.'];
  }
  const { customer } = endpoint;
  if (customer?.accessKeyId !== given('AccessKeyId')) {
    return [404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.'];
  }
  if (rpcSignature(method, parameters, customer.accessKeySecret) !== given('Signature')) {
    return [400, 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.'];
  }
  if (given('MessageType') === '') return missing('MessageType');
  if (endpoint.faults.strikes('refuseShare')) {
    return [503, 'ServiceUnavailable', 'The request has failed due to a temporary failure of the server.'];
  }
  return null;
}

function tokenBody(token: QueueToken): object {
  return {
    AccessKeyId: token.accessKeyId,
    AccessKeySecret: token.accessKeySecret,
    SecurityToken: token.securityToken,
    CreateTime: vendorTime(token.createTime),
    ExpireTime: vendorTime(token.expireTime),
  };
}

/** `2026-07-09 12:00:00` in UTC+8, whatever the zone of this machine. */
export function vendorTime(time: number): string {
  return new Date(time + VENDOR_OFFSET).toISOString().slice(0, 19).replace('T', ' ');
}
