/**
 * Cores in the states that matter to a received frame, each with a picture of its memory to go back to: so every frame
 * meets the same core, and what a frame may not change is seen to be unchanged.
 */
import { At, KeyReason } from '../../assembly/abi/code.ts';
import { COUNTER_COUNT, SLOT_COUNT } from '../../assembly/abi/layout.ts';
import { Keys } from '../../host/core/keys.ts';
import { Instance } from '../../host/core/module.ts';
import { Addresses, Counters } from '../../host/core/tables.ts';
import { nameOf } from '../../host/core/codes.ts';
import type { Result } from '../../host/model/fault.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import { eui64, unhex, type Eui64 } from '../../host/model/ids.ts';

/** PAN of the frames that are made here. */
export const PAN = 0x1a62;
/** Who sends them, by short address 0x0000. */
export const SENDER = eui64('0200000000000001');
/** A device that no world knows. */
export const STRANGER = eui64('02000000000000ff');
/** The network key of sequence number 0. */
export const networkKey = (): Uint8Array => unhex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf');
/** The link key shared with SENDER. */
export const linkKey = (): Uint8Array => unhex('404142434445464748494a4b4c4d4e4f');

/** - `keyed`: keys, one address and room for more; `full`: keys, and no room for another key or another sender; `bare`: nothing. */
export const WORLDS = ['keyed', 'full', 'bare'] as const;
/** Name of a state. */
export type WorldName = (typeof WORLDS)[number];

/** A core and the picture of its memory. */
export interface World {
  readonly core: Instance;
  readonly before: Buffer;
  readonly network: KeyHandle;
  readonly link: KeyHandle;
}

/** Brings a fresh core into a state. */
export function world(module: WebAssembly.Module, name: WorldName): World {
  const core = new Instance(module);
  const keys = new Keys(core);
  let handles = { network: 0, link: 0 };
  if (name !== 'bare') {
    handles = { network: must(keys.importNetwork(networkKey(), 0)), link: must(keys.importLink(linkKey(), SENDER)) };
    must(keys.importNetwork(networkKey(), 7));
    must(keys.importAny('network', networkKey()));
    must(keys.importAny('link', linkKey()));
    must(new Addresses(core).learn(PAN, 0x0000, SENDER));
  }
  if (name === 'full') {
    const counters = new Counters(core);
    must(counters.set(SENDER, handles.network, 1));
    must(counters.set(SENDER, handles.link, 1));
    for (let i = 2; i < COUNTER_COUNT; i++) must(counters.set(numbered(i), handles.network, 5));
    for (let i = 0; i < SLOT_COUNT; i++) {
      const imported = keys.importLink(linkKey().fill(i), numbered(i));
      if (!imported.ok && imported.code === nameOf(At.KEYS * 256 + KeyReason.NO_SLOT).name) break;
    }
  }
  const before = Buffer.alloc(core.bytes.length); // of its own, so that words can be compared as well
  before.set(core.bytes);
  return { core, before, ...handles };
}

const numbered = (i: number): Eui64 => eui64(`0200000000001${i.toString(16).padStart(3, '0')}`);

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`a world cannot be made: ${result.code}`);
  return result.value;
}
