/** What waits for a moment. */
export interface Waiting {
  /** Unix ms. */
  visibleAt: number;
  /** Where the heap keeps it; −1 while it does not. Written by the heap only. */
  heapIndex: number;
}

/** What waits, the earliest first. Each operation takes log n steps. */
export interface VisibilityHeap<T extends Waiting> {
  readonly size: number;
  first(): T | undefined;
  add(item: T): void;
  remove(item: T): void;
}

/** An empty one: a binary heap whose items know their places, so that one can leave from the middle. */
export function createVisibilityHeap<T extends Waiting>(): VisibilityHeap<T> {
  const heap: T[] = [];

  const put = (item: T, index: number): void => {
    heap[index] = item;
    item.heapIndex = index;
  };
  const rise = (item: T, from: number): void => {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.visibleAt <= item.visibleAt) break;
      put(heap[parent]!, index);
      index = parent;
    }
    put(item, index);
  };
  const sink = (item: T, from: number): void => {
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.visibleAt < heap[child]!.visibleAt) child += 1;
      if (heap[child]!.visibleAt >= item.visibleAt) break;
      put(heap[child]!, index);
      index = child;
    }
    put(item, index);
  };
  return {
    get size() {
      return heap.length;
    },
    first: () => heap[0],
    add(item) {
      heap.push(item);
      rise(item, heap.length - 1);
    },
    remove(item) {
      const index = item.heapIndex;
      const last = heap.pop()!;
      item.heapIndex = -1;
      if (last === item) return;
      sink(last, index);
      rise(last, last.heapIndex);
    },
  };
}
