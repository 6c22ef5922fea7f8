// What was done, so that it can be undone and done again.

/// A value with its past and its undone future.
export class History<T> {
  #past: T[] = [];
  #future: T[] = [];
  #present: T;

  constructor(present: T) {
    this.#present = present;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /// Goes on to `next`; what had been undone is gone.
  act(next: T): void {
    this.#past.push(this.#present);
    this.#future = [];
    this.#present = next;
  }

  /// Takes the last act back, if there is one.
  undo(): boolean {
    const before = this.#past.pop();
    if (before === undefined) return false;
    this.#future.push(this.#present);
    this.#present = before;
    return true;
  }

  /// Does the act again that was taken back last, if there is one.
  redo(): boolean {
    const after = this.#future.pop();
    if (after === undefined) return false;
    this.#past.push(this.#present);
    this.#present = after;
    return true;
  }

  /// Changes every state alike: for what came from elsewhere, which undoing must not take away.
  rebase(change: (state: T) => T): void {
    this.#past = this.#past.map(change);
    this.#future = this.#future.map(change);
    this.#present = change(this.#present);
  }
}
