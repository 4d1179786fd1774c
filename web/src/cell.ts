/** One observable value: what the socket, the phone and the views share. */
export class Cell<T> {
  private readers = new Set<() => void>();
  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const reader of [...this.readers]) reader();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }

  /** Calls `reader` after each change; returns the way out. */
  watch(reader: () => void): () => void {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }
}
