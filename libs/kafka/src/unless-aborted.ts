/** The outcome of `work`, or an error at once when `signal` is aborted. The work itself goes on: nothing here can stop it. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(new Error('it was broken off'));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    // Not a race with a promise of the signal's own: that would keep every outcome for as long as the signal lives.
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
