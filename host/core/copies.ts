/** Copies of short pieces of memory, many of them in one allocation: an array buffer of its own costs more than such a piece. */

const ROOM = 65_536;

/** Where copies stand, one behind the other. A room is let go when the last copy in it is. */
export class Copies {
  #room = new Uint8Array(ROOM);
  #used = 0;

  /** A copy that nobody else writes to. */
  keep(bytes: Uint8Array): Uint8Array {
    if (bytes.length > ROOM) return bytes.slice();
    if (this.#used + bytes.length > ROOM) {
      this.#room = new Uint8Array(ROOM);
      this.#used = 0;
    }
    const copy = this.#room.subarray(this.#used, (this.#used += bytes.length));
    copy.set(bytes);
    return copy;
  }
}
