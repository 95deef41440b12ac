import { expect, it } from '@jest/globals';
import { BackgroundJobs, type BackgroundJob } from './background-jobs.js';

/** Writes down what happens to it, and ends when it is allowed to. */
function watched(name: string, told: string[], mayEnd: Promise<unknown>): BackgroundJob {
  return {
    run: async (signal) => {
      told.push(`${name} begins`);
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      told.push(`${name} is to stop`);
      await mayEnd;
      told.push(`${name} has ended`);
    },
  };
}

it('begin when they are started, are told to stop together, and are waited for', async () => {
  const told: string[] = [];
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<undefined>();
  const jobs = new BackgroundJobs([watched('quick', told, Promise.resolve()), watched('slow', told, mayEnd)]);
  expect(told).toEqual([]);
  jobs.start();
  expect(told.splice(0)).toEqual(['quick begins', 'slow begins']);
  const stopped = jobs.stop().then(() => told.push('all have ended'));
  await new Promise(setImmediate);
  expect(told.splice(0)).toEqual(['quick is to stop', 'slow is to stop', 'quick has ended']);
  end(undefined);
  await stopped;
  expect(told).toEqual(['slow has ended', 'all have ended']);
});

it('stop at once where they were never started', async () => {
  const told: string[] = [];
  await new BackgroundJobs([watched('one', told, new Promise(() => undefined))]).stop();
  expect(told).toEqual([]);
});
