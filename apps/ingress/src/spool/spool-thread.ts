/** A thread for the spool: while the disk syncs, the process goes on answering. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveSpool } from './serve-spool.js';
import type { SpoolSettings } from './spool-terms.js';

if (parentPort !== null) serveSpool(parentPort, workerData as SpoolSettings);
