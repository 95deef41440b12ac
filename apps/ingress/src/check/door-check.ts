import { randomBytes } from 'node:crypto';
import type { Source } from '#runtime';
import { pathOf } from './address.js';
import { right, wrong, type Finding } from './finding.js';

/** Providers wait for less; a look may take its time. ms */
const PATIENCE = 10_000;

/**
 * Whether the door of a source opens for its address and for no other. Asked with GET, which consoles ask with too: it
 * leaves no receipt behind. The other token is counted as one refusal, `wrong-token`.
 */
export async function checkDoor(source: Source, publicUrl: string): Promise<Finding> {
  const path = pathOf(source)!;
  try {
    const own = await statusOf(`${publicUrl}${path}`);
    if (own === 404) {
      const why = source.http!.allowFrom.length > 0 ? 'allowFrom does not let this machine in, or ' : '';
      return wrong(
        'door',
        `404: ${why}the ingress has another configuration, or what stands in front of it changes the path`,
      );
    }
    if (own !== 200) return wrong('door', `${own} where 200 is right: what answers there is not the ingress`);
    const other = await statusOf(`${publicUrl}/receipts/${source.id}/${randomBytes(16).toString('hex')}`);
    return other === 404
      ? right('door', '200 for its address, 404 for another token')
      : wrong('door', `${other} for another token, where 404 is right: what answers there is not the ingress`);
  } catch (error) {
    return wrong(
      'door',
      `no answer (${reasonOf(error)}): check the address, DNS, and what stands in front of the ingress`,
    );
  }
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
  await response.body?.cancel();
  return response.status;
}

/** The system's code; texts of `fetch` name whole addresses, token included. */
export function reasonOf(error: unknown): string {
  const { cause, code, name } = (error ?? {}) as { cause?: { code?: unknown }; code?: unknown; name?: unknown };
  const reason = cause?.code ?? code ?? name;
  return typeof reason === 'string' ? reason : 'unknown error';
}
