/**
 * ZigBee security of a layer (ZigBee 4.3.1, 4.4.1, 4.5.1): the auxiliary header is shown, the payload opened by whatever key
 * of the capture opens it.
 */
import type { Format } from '../clusters/item.ts';
import { SECURITY_CONTROL, SECURITY_KEY_SEQUENCE, SECURITY_SOURCE } from '../clusters/security-header.ts';
import { showBytes } from '../clusters/show.ts';
import type { OpenedEnvelope } from '../core/core.ts';
import type { SecurityHeader } from '../model/frame.ts';
import { euiToAir, type Eui64 } from '../model/ids.ts';
import type { Senders } from './addresses.ts';
import type { Finding } from './finding.ts';
import type { Memory } from './memory.ts';
import type { Heard } from './replay.ts';

const MIC_LEN = 4;
const LEVEL = 0x07;
/** Level bits in nonce and authenticated data, whatever stands on the air (4.3.1.1): encrypted, MIC of 4 bytes. */
const LEVEL_ENC_MIC_32 = 5;
const EXTENDED_NONCE = 0x20;
const NO_EUI = '0000000000000000';

const SOURCE_AND_SEQUENCE: Format = [...SECURITY_SOURCE, ...SECURITY_KEY_SEQUENCE];

const KeyId = { LINK: 0, NETWORK: 1 } as const;

/** A secured layer of the frame of the moment. */
export interface Secured {
  readonly layer: 'nwk' | 'aps';
  /** From the first byte of its header to the last of its MIC. */
  readonly bytes: Uint8Array;
  /** Position of its first byte in the frame. */
  readonly offset: number;
  /** Where its auxiliary header begins, within its own bytes. */
  readonly at: number;
  /** Bytes of its end that the capture lacks. */
  readonly missing: number;
}

/** What came of a layer that is secured, or is not. */
export interface Opening {
  readonly header: SecurityHeader | undefined;
  /** Where the payload begins in the layer's bytes. */
  readonly body: number;
  /** The payload in clear; undefined when the layer stayed closed or has none. */
  readonly payload: Uint8Array | undefined;
}

/** Reads the auxiliary header of a layer and opens the rest. Undefined when header and MIC do not fit. */
export function openLayer(
  { layer, bytes, at, offset, missing }: Secured,
  finding: Finding,
  senders: Senders,
  memory: Memory,
): Opening | undefined {
  const first = finding.read(SECURITY_CONTROL, bytes.subarray(at));
  const control = (first.values['control'] as number | undefined) ?? 0;
  const keyId = (control >> 3) & 3;
  const named = (control & EXTENDED_NONCE) !== 0;
  const inferred = named ? undefined : keyId === KeyId.NETWORK ? senders.hop : senders.way;
  if (first.short === undefined && !named && inferred === undefined) finding.remark('zbee_sec.extended_source_unknown');
  const network = keyId === KeyId.NETWORK;
  const following =
    first.short !== undefined ? [] : named ? (network ? SOURCE_AND_SEQUENCE : SECURITY_SOURCE) : network ? SECURITY_KEY_SEQUENCE : [];
  const second = finding.read(following, first.rest);
  const named64 = second.values['source'] as Eui64 | undefined;
  if (named64 !== undefined) believe(keyId, named64, senders, memory);
  const body = bytes.length - second.rest.length;
  const length = second.rest.length + missing - MIC_LEN;
  const mic = bytes.subarray(bytes.length - MIC_LEN);
  const headed = first.short === undefined && second.short === undefined;
  if (headed) finding.show([['zbee.sec.mic', showBytes(mic)]]);
  if (!headed || length < 0) {
    finding.refuse(`${layer}-security-truncated`, 'the auxiliary header and the MIC do not fit');
    return undefined;
  }
  const source = named64 ?? inferred;
  const counter = first.values['counter'] as number;
  const opened = missing > 0 || length === 0 ? undefined : open(bytes, at, body, { source, counter, control }, senders, memory);
  const header: SecurityHeader = {
    offset: offset + at,
    control,
    counter,
    keySeq: second.values['keySeq'] as number | undefined,
    source,
    mic,
    opened: opened !== undefined,
    key: opened?.key,
    replay: false,
  };
  if (length === 0) return { header, body, payload: undefined };
  if (opened === undefined) {
    if (second.rest.length >= MIC_LEN) finding.remark(missing > 0 ? 'zbee_sec.encrypted_payload_sliced' : 'zbee_sec.encrypted_payload');
    finding.close(layer);
    return { header, body, payload: undefined };
  }
  const key = memory.keys.keyOf(opened.key);
  if (key !== undefined) finding.show([['zbee.sec.key', showBytes(key)]]);
  return { header, body, payload: opened.payload };
}

/**
 * A security header tells who sent the frame: a network key's of this hop, a link key's of the whole way. Of a sender of the
 * whole way that nobody told of, the first hop that is heard is believed to be it, as Wireshark believes.
 */
function believe(keyId: number, source: Eui64, senders: Senders, { addresses }: Memory): void {
  if (keyId === KeyId.NETWORK) {
    addresses.nwk.note(senders.pan, senders.hopShort, source);
    senders.hop = source;
    if (senders.way !== undefined) return;
    addresses.nwk.note(senders.pan, senders.wayShort, source);
    senders.way = source;
  } else if (keyId === KeyId.LINK) {
    addresses.nwk.note(senders.pan, senders.wayShort, source);
    senders.way = source;
  }
}

/** Asks an opened layer's counter; its header tells whether a receiver would refuse it, the finding what it was. */
export function heard(
  opening: Opening,
  { layer, bytes, frame }: Pick<Heard, 'layer' | 'bytes' | 'frame'>,
  finding: Finding,
  memory: Memory,
): Opening {
  const { header } = opening;
  if (header?.source === undefined || !header.opened) return opening;
  const { source, control, keySeq, counter } = header;
  const keyId = (control >> 3) & 3;
  // The network key counts the NWK layer's frames: what APS secures with it has numbers in between.
  if (layer === 'aps' && keyId === KeyId.NETWORK) return opening;
  const replay = memory.replays.hear({ layer, sender: source, key: `${keyId} ${keySeq ?? ''}`, counter, bytes, frame });
  if (replay === undefined) return opening;
  finding.replayed(layer, replay);
  return { ...opening, header: { ...header, replay: true } };
}

interface Nonce {
  readonly source: Eui64 | undefined;
  readonly counter: number;
  readonly control: number;
}

function open(
  bytes: Uint8Array,
  at: number,
  body: number,
  { source, counter, control }: Nonce,
  senders: Senders,
  { core, keys }: Memory,
): OpenedEnvelope | undefined {
  if (source === undefined || source === NO_EUI) return undefined;
  const nonce = new Uint8Array(13);
  nonce.set(euiToAir(source));
  for (let i = 0; i < 4; i++) nonce[8 + i] = counter >>> (8 * i);
  nonce[12] = (control & ~LEVEL) | LEVEL_ENC_MIC_32;
  return core.openEnvelope(bytes, body, nonce, (control >> 3) & 3, keys.of(senders.keyPan), at);
}
