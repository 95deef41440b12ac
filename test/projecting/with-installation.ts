import { Installation } from '../system/installation.js';
import { Feed } from './feed.js';
import { PostgresProxy } from './postgres-proxy.js';

/** An installation without an ingress and a normaliser: events are published by a feed that knows what must come of them. */
export interface Projecting {
  readonly installation: Installation;
  readonly feed: Feed;
  /** In front of the installation's database. */
  readonly proxy: PostgresProxy;
}

/** Runs a test in an installation of its own, so that several may run at once, and removes it. */
export async function withInstallation(test: (projecting: Projecting) => Promise<void>): Promise<void> {
  const installation = await Installation.create();
  const proxy = await PostgresProxy.start(installation.databaseUrl);
  const feed = new Feed(installation);
  try {
    await test({ installation, feed, proxy });
  } finally {
    await feed.finish().catch(() => undefined);
    proxy.release();
    await installation.stop();
    await proxy.stop();
  }
}
