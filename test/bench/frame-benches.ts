/**
 * Receiving secured frames: `Core.rx`, from the PSDU to a frozen object, beside the plain reader. Every frame of a run is
 * new to its receiver, so that counters are checked and moved as in the field.
 */
import { createSecretKey } from 'node:crypto';
import { Core } from '../../host/core/core.ts';
import { eui64, hex } from '../../host/model/ids.ts';
import { pattern } from '../assembly/crypto/oracle.ts';
import { wasm } from '../kit/core.ts';
import { bytes, join, le, macData, secured } from '../kit/frame-oracle.ts';
import { PlainReader } from './plain-reader.ts';
import { race, type Bench, type Sample } from './race.ts';

const NETWORK_KEY = pattern(16);
const LINK_KEY = pattern(16).map((byte) => byte ^ 0xff);
const DEVICE = '0200000000000202';
const SHORT = 0x5a5a;
const PAN = 0x1a62;
const FRAMES = 1_000;
/** An Image Block Request: what a hub hears most during an upgrade. */
const BLOCK_REQUEST = bytes('00 b11a 8400 00020000 00100000 38');

/** NWK security alone. */
export const nwk: Bench = {
  name: 'nwk',
  versus: 'TypeScript header parse over node:crypto CCM',
  unit: 'frames/s',
  measure: () => receive(false),
};

/** NWK and APS security. */
export const nwkAps: Bench = {
  name: 'nwk+aps',
  versus: 'TypeScript header parse over node:crypto CCM',
  unit: 'frames/s',
  measure: () => receive(true),
};

async function receive(apsSecured: boolean): Promise<readonly Sample[]> {
  const frames = Array.from({ length: FRAMES }, (_, i) => frame(i, apsSecured));
  const module = await WebAssembly.compile(wasm('core'));
  const keys = { network: createSecretKey(NETWORK_KEY), link: createSecretKey(LINK_KEY) };
  let core: Core | undefined;
  let reader: PlainReader | undefined;
  return race(
    FRAMES,
    {
      async prepare() {
        core = await Core.load(module);
        core.keys.importNetwork(Uint8Array.from(NETWORK_KEY), 0);
        core.keys.importLink(Uint8Array.from(LINK_KEY), eui64(DEVICE));
        core.addresses.learn(PAN, SHORT, eui64(DEVICE));
      },
      run() {
        let answer = '';
        for (const psdu of frames) {
          const received = core?.rx(psdu);
          if (received?.ok !== true) throw new Error(`a frame was refused: ${received?.code}`);
          const { mac, aps, zcl, payload } = received.frame;
          answer = `${mac.seq} ${aps?.cluster} ${zcl?.command} ${hex(payload)}`;
        }
        return answer;
      },
    },
    {
      prepare: () => void (reader = new PlainReader(keys)),
      run() {
        let answer = '';
        for (const psdu of frames) {
          const read = reader?.read(psdu);
          answer = `${read?.mac.seq} ${read?.aps.cluster} ${read?.zcl.command} ${hex(read?.payload ?? psdu)}`;
        }
        return answer;
      },
    },
  );
}

/** The frame with counter `i`, made by the tests' own construction. */
function frame(i: number, apsSecured: boolean): Uint8Array {
  const counter = i + 1;
  const asdu = join(bytes('01'), le(i & 0xff, 1), bytes('03'), BLOCK_REQUEST);
  const header = join(bytes(apsSecured ? '20' : '00'), bytes('01 1900 0901 01'), le(i & 0xff, 1));
  const apdu = apsSecured
    ? secured(header, { key: LINK_KEY, source: DEVICE, counter, keyId: 0, extendedNonce: false }, asdu)
    : join(header, asdu);
  const network = join(bytes('0802 0000'), le(SHORT, 2), bytes('1e'), le(i & 0xff, 1));
  const npdu = secured(network, { key: NETWORK_KEY, source: DEVICE, counter, keyId: 1, keySeq: 0 }, apdu);
  return macData(npdu, SHORT, 0x0000, i & 0xff);
}
