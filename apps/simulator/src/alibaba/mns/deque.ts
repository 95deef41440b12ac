/** First in, first out, with places that can be looked at; every operation takes the same time however many there are. */
export interface Deque<T> {
  readonly length: number;
  push(item: T): void;
  shift(): T | undefined;
  /** The item at a place, 0 being the next to leave. */
  at(place: number): T | undefined;
  /** Makes the item at a place the next to leave; the one that was takes its place. */
  bringForward(place: number): void;
}

const SMALLEST = 16;

/** An empty one. A ring in an array that doubles and halves. */
export function createDeque<T>(): Deque<T> {
  let ring = new Array<T | undefined>(SMALLEST);
  let head = 0;
  let length = 0;

  const slot = (place: number): number => (head + place) % ring.length;
  const resize = (size: number): void => {
    const larger = new Array<T | undefined>(size);
    for (let place = 0; place < length; place += 1) larger[place] = ring[slot(place)];
    ring = larger;
    head = 0;
  };
  return {
    get length() {
      return length;
    },
    push(item) {
      if (length === ring.length) resize(ring.length * 2);
      ring[slot(length)] = item;
      length += 1;
    },
    shift() {
      if (length === 0) return undefined;
      const item = ring[head];
      ring[head] = undefined;
      head = slot(1);
      length -= 1;
      if (ring.length > SMALLEST && length < ring.length / 4) resize(ring.length / 2);
      return item;
    },
    at: (place) => (place < length ? ring[slot(place)] : undefined),
    bringForward(place) {
      if (place >= length) return;
      [ring[head], ring[slot(place)]] = [ring[slot(place)], ring[head]];
    },
  };
}
