/**
 * The decoder as a target: whatever a frame holds, decoding it answers a verdict and fields and never throws. Every input
 * meets the same keys and addresses, as learned ones are taken back.
 */
import { Rx } from '../../assembly/abi/code.ts';
import { Core } from '../../host/core/core.ts';
import { Instance } from '../../host/core/module.ts';
import type { Captured } from '../../host/capture/captured.ts';
import { Decoder } from '../../host/decode/decoder.ts';
import type { Decoded } from '../../host/decode/decoded.ts';
import { FRAME_HEAD, HEAD, type Way } from './frames.ts';
import { Broken, mix, type Target } from './target.ts';
import { linkKey, networkKey } from './world.ts';

/** Fields that a frame may give: a byte makes eight flags and a name or two; tunnelled headers are shown anew. */
const FIELDS_PER_BYTE = 24;
const FIXED = 256;
const NAME = /^[a-z][a-z0-9_.-]*$/i;

/** A core whose memory can be put back. */
class OpenedCore extends Core {
  static open(module: WebAssembly.Module): { readonly core: Core; readonly memory: Uint8Array } {
    const instance = new Instance(module);
    return { core: new OpenedCore(instance), memory: instance.bytes };
  }
}

/** Frames made in one way and decoded. */
export class DecodeTarget implements Target {
  readonly name: string;
  readonly head = FRAME_HEAD;
  readonly limit: number;
  readonly patience = 100;
  readonly #way: Way;
  readonly #seeds: readonly Uint8Array[];
  readonly #core: Core;
  readonly #memory: Uint8Array;
  readonly #before: Uint8Array;
  readonly #outcomes = new Map<string, number>();

  constructor(module: WebAssembly.Module, way: Way, seeds: readonly Uint8Array[]) {
    this.name = `decode-${way.name}`;
    this.limit = FRAME_HEAD + way.limit;
    this.#way = way;
    this.#seeds = seeds;
    const { core, memory } = OpenedCore.open(module);
    this.#core = core;
    this.#memory = memory;
    this.#before = memory.slice();
  }

  seeds(): readonly Uint8Array[] {
    return this.#seeds;
  }

  check(input: Uint8Array): number {
    this.#memory.set(this.#before);
    const head = (at: number): number => input[at] ?? 0;
    const keys = head(HEAD.WORLD) % 3 === 2 ? [] : [networkKey(), linkKey()];
    const decoder = new Decoder(this.#core, { keys, learn: (head(HEAD.B) & 0x80) === 0, showKeys: head(HEAD.WORLD) % 3 === 0 });
    const psdu = Uint8Array.from(this.#way.build(input));
    const captured = { ...wrapped(psdu, head(HEAD.FLAGS)), number: 1, time: 0n };
    let decoded: Decoded;
    try {
      decoded = decoder.decode(captured);
    } catch (cause) {
      throw new Broken('exception', `decoding throws: ${String(cause)}`, { cause });
    }
    this.#judge(decoded, psdu);
    const outcome = decoded.code ?? decoded.verdict;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    return signatureOf(decoded);
  }

  outcomes(): ReadonlyMap<string, number> {
    return this.#outcomes;
  }

  #judge({ verdict, code, detail, fields, unread }: Decoded, psdu: Uint8Array): void {
    if ((verdict === 'ok') !== (code === undefined) || (code === undefined) !== (detail === undefined))
      throw new Broken('verdict', `${verdict} with code ${String(code)}`);
    if (code !== undefined && code.startsWith('core-')) throw new Broken('code', `${code} has no name`);
    if (fields.length > FIXED + FIELDS_PER_BYTE * psdu.length)
      throw new Broken('amplifies', `${fields.length} fields out of ${psdu.length} bytes`);
    if (unread.length > psdu.length) throw new Broken('reads-past', `${unread.length} bytes unread of ${psdu.length}`);
    for (const [name, show] of fields) {
      if (!NAME.test(name) || typeof show !== 'string')
        throw new Broken('field', `a field ${JSON.stringify(name)} shown as ${JSON.stringify(show)}`);
    }
  }
}

/** What the link layer could have said of the frame. */
function wrapped(psdu: Uint8Array, flags: number): Omit<Captured, 'number' | 'time'> {
  const trailer = flags & Rx.NO_FCS ? 'none' : flags & Rx.TI_METADATA ? 'ti-metadata' : 'fcs';
  return {
    psdu: flags === 0xff ? undefined : psdu,
    trailer,
    missing: flags & 0x08 ? 3 : 0,
    header: undefined,
    channel: undefined,
    lqi: undefined,
  };
}

function signatureOf({ verdict, code, fields, unread, headers }: Decoded): number {
  let signature = mix(fields.length >> 1, unread.length >> 3);
  for (const character of code ?? verdict) signature = mix(signature, character.codePointAt(0) ?? 0);
  const { mac, nwk, aps, zcl } = headers;
  for (const part of [mac?.command, nwk?.command, aps?.command, aps?.cluster, zcl?.command, zcl && zcl.control & 0x0d])
    signature = mix(signature, part ?? -1);
  return signature;
}
