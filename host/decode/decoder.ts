/**
 * Decodes captured frames: the core opens them, headers and tables show them. Keys and addresses learned from a frame
 * serve the frames after it, as in a sniffer that listens.
 */
import type { Captured } from '../capture/captured.ts';
import type { Field } from '../clusters/read.ts';
import type { Core } from '../core/core.ts';
import type { Frame, Span } from '../model/frame.ts';
import { learnAddresses } from './addresses.ts';
import * as bodies from './body.ts';
import type { Decoded } from './decoded.ts';
import { apsFields, macFields, nwkFields } from './headers.ts';
import { Keyring } from './keyring.ts';
import { securityFields } from './security.ts';
import { trailerFields } from './trailer.ts';

/** How to decode. */
export interface DecodeOptions {
  /** Keys of 16 bytes, tried as network keys and as link keys. */
  readonly keys: readonly Uint8Array[];
  /** Use keys that Transport-Key commands of the capture bring. */
  readonly learn: boolean;
  /** Put key material into the fields (`zbee.sec.key`, `zbee_aps.cmd.key`), as Wireshark does. Otherwise it is left out. */
  readonly showKeys: boolean;
}

const KEY_FIELD = 'zbee_aps.cmd.key';
const MAC_BEACON = 0;
const PROFILE_ZDP = 0x0000;
const APS_DATA = 0;
const FRAGMENT = 0x03;

/** A decoder with its keys and addresses. */
export class Decoder {
  readonly #core: Core;
  readonly #options: DecodeOptions;
  readonly #keyring: Keyring;

  /** Takes a core of its own: keys are added to it. */
  constructor(core: Core, options: DecodeOptions) {
    this.#core = core;
    this.#options = options;
    this.#keyring = new Keyring(core, options.showKeys);
    for (const key of options.keys) this.#keyring.add(key);
  }

  /** Decodes the next packet of a capture. */
  decode(captured: Captured): Decoded {
    const { number, time, psdu } = captured;
    const nothing = { number, time, fields: [], unread: new Uint8Array(0), headers: {} };
    if (psdu === undefined) return { ...nothing, verdict: 'refused', code: 'no-frame', detail: 'the packet holds no IEEE 802.15.4 frame' };
    const noFcs = captured.trailer === 'none' || captured.cut;
    const read = this.#core.rx(psdu, { passive: true, noFcs, tiMetadata: captured.trailer === 'ti-metadata' });
    if (!read.ok) {
      const { fields } = this.#show(captured, read.frame);
      return {
        ...nothing,
        verdict: 'refused',
        code: read.code,
        detail: `${read.detail}, at byte ${read.offset}`,
        fields,
        headers: read.frame,
      };
    }
    const { frame } = read;
    const { fields, body } = this.#show(captured, frame);
    if (this.#options.learn && frame.aps?.command !== undefined) this.#keyring.learn(body.values);
    learnAddresses(this.#core, frame, body.values);
    const whole = { ...nothing, fields, unread: body.rest, headers: frame };
    if (!read.opened) {
      const layer = frame.nwk?.security?.opened === false ? 'nwk' : 'aps';
      return { ...whole, verdict: 'closed', code: `closed-${layer}`, detail: `no key opens the ${layer.toUpperCase()} layer` };
    }
    if (body.truncated !== undefined) {
      const detail = `the ${body.truncated} payload ends inside a field`;
      return { ...whole, verdict: 'refused', code: `truncated-${body.truncated}`, detail };
    }
    return { ...whole, verdict: 'ok', code: undefined, detail: undefined };
  }

  #show(captured: Captured, frame: Partial<Frame>): { readonly fields: readonly Field[]; readonly body: bodies.Body } {
    const { mac, nwk, aps } = frame;
    if (mac === undefined || frame.bytes === undefined) return { fields: [], body: bodies.EMPTY };
    const at = (span: Span): Uint8Array => frame.bytes?.subarray(span.offset, span.offset + span.length) ?? new Uint8Array(0);
    const trailer = trailerFields(captured, mac.fcs);
    const fields: Field[] = macFields(mac);
    if (nwk === undefined) {
      const isBeacon = (mac.fcf & 0x0007) === MAC_BEACON;
      const inner = isBeacon
        ? bodies.beacon(at(mac.payload))
        : mac.command === undefined
          ? bodies.EMPTY
          : bodies.macCommand(at(mac.payload));
      const zigbee = inner.values['payload'] instanceof Uint8Array ? bodies.zigbeeBeacon(inner.values['payload']) : undefined;
      fields.push(...inner.fields, ...trailer, ...(zigbee?.fields ?? []));
      return { fields, body: zigbee ?? inner };
    }
    fields.push(...trailer, ...nwkFields(nwk));
    if (nwk.security !== undefined) fields.push(...securityFields(nwk.security, this.#keyring.keyOf));
    if (aps === undefined) {
      const body = nwk.command === undefined ? bodies.EMPTY : bodies.nwkCommand(at(nwk.payload));
      return { fields: [...fields, ...body.fields], body };
    }
    fields.push(...apsFields(aps));
    if (aps.security !== undefined) fields.push(...securityFields(aps.security, this.#keyring.keyOf));
    const body = this.#apsBody(frame, at(aps.payload));
    return { fields: [...fields, ...(this.#options.showKeys ? body.fields : body.fields.filter(([name]) => name !== KEY_FIELD))], body };
  }

  #apsBody(frame: Partial<Frame>, payload: Uint8Array): bodies.Body {
    const { aps, zcl } = frame;
    if (aps === undefined || aps.security?.opened === false) return bodies.EMPTY;
    if (aps.command !== undefined) return bodies.apsCommand(payload);
    if (zcl !== undefined) return bodies.zclCommand(aps, zcl, frame.payload ?? payload);
    const whole = (aps.fcf & 0x03) === APS_DATA && ((aps.extended?.control ?? 0) & FRAGMENT) === 0;
    if (whole && aps.profile === PROFILE_ZDP && aps.cluster !== undefined && payload.length > 0)
      return bodies.zdpCommand(aps.cluster, payload);
    return { ...bodies.EMPTY, rest: payload };
  }
}
