/**
 * Keys of a capture: those given, and those that its own Transport-Key commands bring. They live in the core; this keeps
 * only what is needed to recognise a key that is already there, and, where asked, to show which key opened a frame.
 */
import { ApsCommand, KeyType } from '../clusters/aps-commands.ts';
import type { Values } from '../clusters/item.ts';
import type { Core } from '../core/core.ts';
import { hex } from '../model/ids.ts';

/** Keys of a capture in a core. */
export class Keyring {
  readonly #core: Core;
  readonly #shown = new Map<number, Uint8Array>();
  readonly #known = new Set<string>();
  readonly #show: boolean;

  /** `show` keeps the keys, so that `keyOf` can tell them. */
  constructor(core: Core, show: boolean) {
    this.#core = core;
    this.#show = show;
  }

  /** Adds a key of 16 bytes, tried as network key and as link key. Answers whether the core had room for it. */
  add(key: Uint8Array): boolean {
    return this.#add('network', key) && this.#add('link', key);
  }

  /** Adds the key that an opened Transport-Key command brought; other commands bring none. */
  learn(command: Values): void {
    const { keyType, key } = command;
    if (command['command'] !== ApsCommand.TRANSPORT_KEY || !(key instanceof Uint8Array)) return;
    const network = keyType === KeyType.NETWORK || keyType === KeyType.HIGH_SECURITY_NETWORK;
    this.#add(network ? 'network' : 'link', key);
  }

  /** The key of a handle, when keys are to be shown. */
  keyOf = (handle: number): Uint8Array | undefined => this.#shown.get(handle);

  #add(kind: 'network' | 'link', key: Uint8Array): boolean {
    const name = `${kind}:${hex(key)}`;
    if (this.#known.has(name)) return true;
    const imported = this.#core.keys.importAny(kind, Uint8Array.from(key));
    if (!imported.ok) return false;
    this.#known.add(name);
    if (this.#show) this.#shown.set(imported.value, Uint8Array.from(key));
    return true;
  }
}
