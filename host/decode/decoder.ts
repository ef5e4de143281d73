/**
 * Decodes captured frames: the core opens them, headers and tables show them. Keys and addresses learned from a frame
 * serve the frames after it, as in a sniffer that listens.
 */
import type { Captured } from '../capture/captured.ts';
import type { SeVersion } from '../clusters/cluster.ts';
import type { Field } from '../clusters/read.ts';
import type { Core } from '../core/core.ts';
import type { Frame, Span } from '../model/frame.ts';
import { learnAddresses } from './addresses.ts';
import * as bodies from './body.ts';
import type { Body } from './body.ts';
import type { Decoded } from './decoded.ts';
import { apsFields, macFields, nwkFields } from './headers.ts';
import { Keyring } from './keyring.ts';
import { securityFields } from './security.ts';
import { trailerFields } from './trailer.ts';
import { untunnel } from './tunnel.ts';

/** How to decode. */
export interface DecodeOptions {
  /** Keys of 16 bytes, tried as network keys and as link keys. */
  readonly keys: readonly Uint8Array[];
  /** Use keys that Transport-Key commands of the capture bring. */
  readonly learn: boolean;
  /** Put key material into the fields (`zbee.sec.key`, `zbee_aps.cmd.key`), as Wireshark does. Otherwise it is left out. */
  readonly showKeys: boolean;
  /** Revision of Smart Energy by which its commands are read; 1.4 unless given. */
  readonly seVersion?: SeVersion;
}

export type { SeVersion };

const KEY_FIELD = 'zbee_aps.cmd.key';
const MAC_BEACON = 0;
const PROFILE_ZDP = 0x0000;
const APS_DATA = 0;
const FRAGMENT = 0x03;

/** What stands above the headers of the MAC: fields in order, the innermost payload, and whether all of it was opened. */
interface Layer {
  readonly fields: readonly Field[];
  readonly body: Body;
  /** The layer that stayed closed. */
  readonly closed: 'nwk' | 'aps' | undefined;
}

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
    const { fields, body, closed } = this.#show(captured, read.frame);
    const decoded = { ...nothing, fields, unread: body.rest, headers: read.frame };
    if (!read.ok) return { ...decoded, verdict: 'refused', code: read.code, detail: `${read.detail}, at byte ${read.offset}` };
    learnAddresses(this.#core, read.frame, body.values);
    if (closed !== undefined)
      return { ...decoded, verdict: 'closed', code: `closed-${closed}`, detail: `no key opens the ${closed.toUpperCase()} layer` };
    if (body.truncated !== undefined) {
      return {
        ...decoded,
        verdict: 'refused',
        code: `truncated-${body.truncated}`,
        detail: `the ${body.truncated} payload ends inside a field`,
      };
    }
    return { ...decoded, verdict: 'ok', code: undefined, detail: undefined };
  }

  #show(captured: Captured, frame: Partial<Frame>): Layer {
    const { mac } = frame;
    if (mac === undefined) return layer([], bodies.EMPTY);
    const header = macFields(mac);
    const trailer = trailerFields(captured, mac.fcs);
    if (frame.nwk === undefined) {
      const inner = this.#macBody(frame);
      const zigbee = inner.values['payload'] instanceof Uint8Array ? bodies.zigbeeBeacon(inner.values['payload']) : undefined;
      return layer([...header, ...inner.fields, ...trailer, ...(zigbee?.fields ?? [])], zigbee ?? inner);
    }
    const above = this.#nwk(frame);
    return { ...above, fields: [...header, ...trailer, ...above.fields] };
  }

  #macBody(frame: Partial<Frame>): Body {
    const { mac } = frame;
    if (mac === undefined) return bodies.EMPTY;
    if ((mac.fcf & 0x0007) === MAC_BEACON) return bodies.beacon(part(frame, mac.payload));
    return mac.command === undefined ? bodies.EMPTY : bodies.macCommand(part(frame, mac.payload));
  }

  #nwk(frame: Partial<Frame>): Layer {
    const { nwk } = frame;
    if (nwk === undefined) return layer([], bodies.EMPTY);
    const header = [...nwkFields(nwk), ...(nwk.security === undefined ? [] : securityFields(nwk.security, this.#keyring.keyOf))];
    if (nwk.security?.opened === false) return layer(header, bodies.EMPTY, 'nwk');
    const above = nwk.command === undefined ? this.#aps(frame) : plain(bodies.nwkCommand(part(frame, nwk.payload)));
    return { ...above, fields: [...header, ...above.fields] };
  }

  #aps(frame: Partial<Frame>): Layer {
    const { aps } = frame;
    if (aps === undefined) return layer([], bodies.EMPTY);
    const header = [...apsFields(aps), ...(aps.security === undefined ? [] : securityFields(aps.security, this.#keyring.keyOf))];
    if (aps.security?.opened === false) return layer(header, bodies.EMPTY, 'aps');
    const above =
      aps.command === undefined ? plain(apsData(frame, this.#options.seVersion)) : this.#apsCommand(frame, part(frame, aps.payload));
    return { ...above, fields: [...header, ...above.fields] };
  }

  /** An APS command; a Tunnel command shows the frame that it carries as well. */
  #apsCommand(frame: Partial<Frame>, payload: Uint8Array): Layer {
    const body = bodies.apsCommand(payload);
    if (this.#options.learn) this.#keyring.learn(body.values);
    const own = layer(this.#options.showKeys ? body.fields : body.fields.filter(([name]) => name !== KEY_FIELD), body);
    const carried = body.values['frame'] instanceof Uint8Array ? untunnel(frame, body.values['frame']) : undefined;
    if (carried === undefined) return own;
    const inner = this.#aps(this.#core.rx(carried, { passive: true, noFcs: true }).frame);
    return { ...inner, fields: [...own.fields, ...inner.fields] };
  }
}

const layer = (fields: readonly Field[], body: Body, closed?: Layer['closed']): Layer => ({ fields, body, closed });

const plain = (body: Body): Layer => layer(body.fields, body);

const part = (frame: Partial<Frame>, span: Span): Uint8Array =>
  frame.bytes?.subarray(span.offset, span.offset + span.length) ?? new Uint8Array(0);

function apsData(frame: Partial<Frame>, seVersion: SeVersion = '1.4'): Body {
  const { aps, zcl } = frame;
  if (aps === undefined) return bodies.EMPTY;
  const payload = part(frame, aps.payload);
  if (zcl !== undefined) return bodies.zclCommand(aps, zcl, frame.payload ?? payload, seVersion);
  const whole = (aps.fcf & 0x03) === APS_DATA && ((aps.extended?.control ?? 0) & FRAGMENT) === 0;
  if (whole && aps.profile === PROFILE_ZDP && aps.cluster !== undefined && payload.length > 0)
    return bodies.zdpCommand(aps.cluster, payload);
  return { ...bodies.EMPTY, rest: payload };
}
