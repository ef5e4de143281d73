/**
 * Receiving captures and fleets: `Batch` in fills of 256 frames beside the programs that people read ZigBee frames with.
 * Ours checks what `Core.rx` checks (FCS, MICs, frame counters, replay table); the answers of every round are held together.
 */
import { Core } from '../../host/core/core.ts';
import { BATCH_CAPACITY } from '../../host/core/batch.ts';
import { eui64 } from '../../host/model/ids.ts';
import { wasm } from '../kit/core.ts';
import { corpus, judged, LINK_KEY, NETWORK_KEY, SENDERS, type Security } from './frames-corpus.ts';
import { Tshark } from './frames-tshark.ts';
import { read, registerKeys } from './frames-zigbee-on-host.ts';
import { race, type Bench, type Contender, type Sample } from './race.ts';

/** Frames of a run, in whole batches. */
const AMOUNT: Readonly<Record<Security, number>> = { plain: 80 * BATCH_CAPACITY, nwk: 12 * BATCH_CAPACITY, 'nwk+aps': 12 * BATCH_CAPACITY };
const TSHARK_AMOUNT = 80 * BATCH_CAPACITY;
const TSHARK_ROUNDS = 15;

/** How the frames come: with an FCS that ours computes anew, or with the verdict of the radio, which is all that zigbee-on-host goes by. */
type Trailer = 'fcs' | 'verdict';

const versusZigbeeOnHost = (name: string, security: Security, trailer: Trailer): Bench => ({
  name,
  group: 'frames',
  versus: 'zigbee-on-host',
  unit: 'frames/s',
  async measure() {
    const frames = corpus(AMOUNT[security], security).map((frame) => (trailer === 'fcs' ? frame : judged(frame)));
    const buffers = frames.map((frame) => Buffer.from(frame));
    registerKeys(NETWORK_KEY, LINK_KEY);
    const theirs = { run: () => `${buffers.reduce((sum, frame) => sum + read(frame), 0)}` };
    return race(frames.length, await batches(frames, trailer), theirs);
  },
});

const versusTshark = (name: Security): Bench => ({
  name,
  group: 'frames',
  versus: 'tshark',
  unit: 'frames/s',
  async measure() {
    const frames = corpus(TSHARK_AMOUNT, name);
    const ours = await batches(frames, 'fcs');
    const tshark = new Tshark(frames, [NETWORK_KEY, LINK_KEY]);
    try {
      const samples: Sample[] = [];
      for (let round = -1; round < TSHARK_ROUNDS; round++) {
        await ours.prepare?.();
        const start = process.hrtime.bigint();
        ours.run();
        const seconds = Number(process.hrtime.bigint() - start) / 1e9;
        const theirs = tshark.run();
        if (theirs.read !== frames.length) throw new Error(`tshark read ${theirs.read} of ${frames.length} frames`);
        if (round >= 0) samples.push({ ours: frames.length / seconds, theirs: frames.length / theirs.seconds });
      }
      return samples;
    } finally {
      tshark.close();
    }
  },
});

/** The rows of this file. */
export const frames: readonly Bench[] = [
  versusZigbeeOnHost('plain', 'plain', 'verdict'),
  versusZigbeeOnHost('plain+fcs', 'plain', 'fcs'),
  versusZigbeeOnHost('nwk', 'nwk', 'fcs'),
  versusZigbeeOnHost('nwk+aps', 'nwk+aps', 'fcs'),
  versusTshark('nwk'),
  versusTshark('nwk+aps'),
];

/** Ours: a fresh core each round; each fill is copied in, received, and asked as the peer answers. */
async function batches(frames: readonly Uint8Array[], trailer: Trailer): Promise<Contender> {
  const module = await WebAssembly.compile(wasm('core'));
  const pieces = piecesOf(frames);
  let core: Core | undefined;
  return {
    async prepare() {
      core = await Core.load(module);
      core.keys.importNetwork(Uint8Array.from(NETWORK_KEY), 0);
      for (const { eui } of SENDERS) core.keys.importLink(Uint8Array.from(LINK_KEY), eui64(eui));
    },
    run() {
      const batch = core?.batch;
      if (batch === undefined) throw new Error('not prepared');
      let sum = 0;
      for (const { bytes, spans } of pieces) {
        batch.clear();
        batch.addPiece(bytes, spans);
        batch.rx({ tiMetadata: trailer === 'verdict' });
        for (let i = 0; i < batch.count; i++) {
          if (batch.code(i) !== 0) throw new Error(`a frame was refused: ${batch.code(i)}`);
          sum += batch.cluster(i) + batch.zclControl(i) + batch.zclSeq(i) + batch.zclCommand(i);
        }
      }
      return `${sum}`;
    },
  };
}

/** The frames as a capture holds them: one behind the other. */
function piecesOf(frames: readonly Uint8Array[]): readonly { readonly bytes: Uint8Array; readonly spans: Uint16Array }[] {
  return Array.from({ length: frames.length / BATCH_CAPACITY }, (_, i) => {
    const part = frames.slice(i * BATCH_CAPACITY, (i + 1) * BATCH_CAPACITY);
    let at = 0;
    const spans = Uint16Array.from(part.flatMap((frame) => [(at += frame.length) - frame.length, frame.length]));
    return { bytes: Uint8Array.from(Buffer.concat(part)), spans };
  });
}
