/**
 * Keys of a capture: those given, and those that its own Transport-Key commands bring. They live in the core; this keeps
 * their handles, what is needed to recognise a key that is already there, and, where asked, what shows which key opened a
 * frame. Every key is tried for every layer: a capture does not say whose key is which.
 */
import type { Core } from '../core/core.ts';
import { ok, type Result } from '../model/fault.ts';
import { hex } from '../model/ids.ts';
import type { KeyHandle } from '../model/frame.ts';

/** Learned keys that are kept: half of what the core has room for. Beyond them the one learned first is forgotten. */
const LEARNED_KEPT = 32;

/** Keys of a capture in a core. */
export class Keyring {
  readonly #core: Core;
  readonly #show: boolean;
  readonly #shown = new Map<KeyHandle, Uint8Array>();
  readonly #held = new Map<string, KeyHandle>();
  readonly #given: KeyHandle[] = [];
  /** Names of learned keys that were not given, the oldest first. */
  readonly #learned: string[] = [];
  /** Learned keys of a PAN, the newest first. */
  readonly #ofPan = new Map<number, KeyHandle[]>();

  /** `show` keeps the keys, so that `keyOf` can tell them. */
  constructor(core: Core, show: boolean) {
    this.#core = core;
    this.#show = show;
  }

  /** Adds a key of 16 bytes that is tried for every frame. Refuses `key-no-slot`. */
  add(key: Uint8Array): Result<KeyHandle> {
    const held = this.#hold(key);
    if (held.ok && !this.#given.includes(held.value)) this.#given.push(held.value);
    return held;
  }

  /** Adds a key of 16 bytes that a frame of a PAN brought; it is tried for frames of that PAN. */
  learn(pan: number, key: Uint8Array): void {
    const name = hex(key);
    const known = this.#held.has(name);
    if (!known && this.#learned.length >= LEARNED_KEPT) this.#forget(this.#learned.shift());
    const held = this.#hold(key);
    if (!held.ok) return;
    if (!known) this.#learned.push(name);
    const ofPan = this.#ofPan.get(pan) ?? [];
    if (!ofPan.includes(held.value)) this.#ofPan.set(pan, [held.value, ...ofPan]);
  }

  /** The keys to be tried for a frame of a PAN, in order. */
  of(pan: number): readonly KeyHandle[] {
    const learned = this.#ofPan.get(pan);
    return learned === undefined ? this.#given : [...learned, ...this.#given];
  }

  /** The key of a handle, when keys are to be shown. */
  keyOf(handle: KeyHandle): Uint8Array | undefined {
    return this.#shown.get(handle);
  }

  #hold(key: Uint8Array): Result<KeyHandle> {
    const name = hex(key);
    const held = this.#held.get(name);
    if (held !== undefined) return ok(held);
    const imported = this.#core.keys.importAny('link', Uint8Array.from(key));
    if (!imported.ok) return imported;
    this.#held.set(name, imported.value);
    if (this.#show) this.#shown.set(imported.value, Uint8Array.from(key));
    return imported;
  }

  #forget(name: string | undefined): void {
    const handle = name === undefined ? undefined : this.#held.get(name);
    if (name === undefined || handle === undefined) return;
    this.#core.keys.erase(handle);
    this.#held.delete(name);
    this.#shown.delete(handle);
    for (const [pan, handles] of this.#ofPan)
      this.#ofPan.set(
        pan,
        handles.filter((each) => each !== handle),
      );
  }
}
