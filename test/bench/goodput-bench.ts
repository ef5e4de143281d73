/**
 * Goodput of a whole transfer over the virtual air in simulated time, beside the bound of the same mode. It tells how well the two sides
 * keep the air busy, not how fast this machine is: the air's own backoffs are drawn by a seed, another in every run.
 */
import { Air } from '../../firmware/air/air.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { AirRadio } from '../../host/adapters/radio-air.ts';
import { BenchDevice } from '../../firmware/devices/bench.ts';
import { buildImage } from '../../firmware/image/build.ts';
import { SimulatedClock } from '../../host/adapters/clock-simulated.ts';
import { loadModule } from '../../host/compose/gateway.ts';
import { EUI, HOME_DEVICES, HUB_MODEL } from '../../host/compose/home.ts';
import { certificatesOf, equip } from '../../host/compose/lab-factory.ts';
import { orderUpdate, signRequest } from '../../host/compose/user.ts';
import { startWorld } from '../../host/compose/world.ts';
import { LabCore } from '../../host/core/core.ts';
import { isEnd } from '../../host/model/job.ts';
import { silent } from '../../host/ports/log.ts';
import { pattern } from '../assembly/crypto/oracle.ts';
import { BLOCK, BOUND, REQUEST_PSDU } from './airtime.ts';
import type { Bench, Sample } from './race.ts';
import { DEFAULT_POLICY, ImageTrustStore } from '../../host/stores/image-trust.ts';

const RUNS = 15;
const CHANNEL = 15;
/** Simulated seconds per real second: MQTT runs in real time beside it, and orders have an end. */
const FAST = 200;
const SIZE = 24 * 1024;
const START = 1_790_000_000_000;
const FILE_VERSION = 2;
const PATIENCE_MS = 120_000;
const LONGEST_PSDU = 127;

/** Image bytes a second. */
export const goodput: Bench = {
  name: 'ota-goodput',
  versus: 'airtime bound of the mode (NWK and APS security, no APS acknowledgement)',
  unit: 'B/s, simulated',
  async measure() {
    const samples: Sample[] = [];
    for (let seed = 1; seed <= RUNS; seed++) samples.push({ ours: await transfer(seed), theirs: BOUND });
    return samples;
  },
};

interface Heard {
  readonly length: number;
  readonly time: number;
  readonly from: string;
}

/** Image bytes a second of one transfer. Throws when its mode is not that of the bound. */
async function transfer(seed: number): Promise<number> {
  const [entry] = HOME_DEVICES;
  if (entry?.imageType === undefined) throw new Error('the sample home has no PPMID');
  const clock = new SimulatedClock(START);
  const entropy = new Seeded(seed);
  const air = new Air({ clock, seed });
  const heard: Heard[] = [];
  air.onTraffic((psdu, time, from) => heard.push({ length: psdu.length, time, from }));
  const factory = await equip(EUI.gateway, new Map([[entry.eui, [1, 2]]]), entropy);
  const image = buildImage({
    manufacturer: entry.manufacturer,
    imageType: entry.imageType,
    fileVersion: FILE_VERSION,
    text: 'bench',
    elements: [{ tag: 0, data: pattern(SIZE) }],
  });
  const lab = await loadModule('lab.wasm');
  const device = new BenchDevice({
    identity: {
      ...entry,
      name: 'bench',
      installCode: factory.installCodes.get(entry.eui) ?? new Uint8Array(0),
      certificates: certificatesOf(factory, entry.eui),
      fuse: entropy.bytes(16),
    },
    surroundings: { medium: air, channel: CHANNEL, entropy, log: silent },
    clock,
    loadCore: () => LabCore.load(lab),
    imageType: entry.imageType,
    fileVersion: 1,
  });
  const world = await startWorld({
    gateway: EUI.gateway,
    hub: HUB_MODEL,
    devices: [{ ...entry, firmwareVersion: 1 }],
    listed: [{ device: entry.eui, versions: [FILE_VERSION] }],
    factory,
    clock,
    rate: FAST,
    radio: new AirRadio(air, 'hub'),
    channel: CHANNEL,
    images: ImageTrustStore.without('lab', { ...DEFAULT_POLICY, integrityRequired: false }),
    log: silent,
    onFault: (cause) => {
      throw cause;
    },
    entropy,
  });
  let end: string | undefined;
  world.s1sp.onReport(({ event }) => {
    if (event.type === 'stage' && isEnd(event.stage)) end = `${event.stage} ${event.reason?.detail ?? ''}`;
  });
  try {
    await device.powerOn();
    await until(() => device.membership !== undefined);
    const { lead } = world.material.parties;
    const order = orderUpdate({
      originator: lead.signer.party,
      target: entry.eui,
      gateway: EUI.gateway,
      counter: 1n,
      image,
      firmwareVersion: FILE_VERSION,
      now: Math.floor(clock.now() / 1000),
      purpose: 'bench',
      environment: 'lab',
    });
    const answer = await world.lead.submit(signRequest(order, lead.key), image);
    if (answer.verdict !== 'forwarded') throw new Error(`${answer.code}: ${answer.detail}`);
    await until(() => end !== undefined);
    if (device.received === undefined) throw new Error(`nothing was received: ${end}`);
  } finally {
    device.powerOff();
    await world.close();
  }
  return rate(heard, image.length);
}

/** From the first full response to the last: whole rounds of request and response, whatever came before and after. */
function rate(heard: readonly Heard[], size: number): number {
  const full = heard.filter(({ from, length }) => from === 'hub' && length === LONGEST_PSDU);
  const [first, last] = [full[0], full.at(-1)];
  const asked = heard.filter(({ from, length }) => from === 'bench' && length === REQUEST_PSDU).length;
  const blocks = Math.floor(size / BLOCK);
  if (first === undefined || last === undefined || full.length < blocks || asked < blocks) {
    throw new Error(`${asked} requests and ${full.length} full responses for ${size} bytes: another mode than that of the bound`);
  }
  return ((blocks - 1) * BLOCK * 1000) / (last.time - first.time);
}

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!done()) {
    if (Date.now() > end) throw new Error('the transfer does not end');
    await new Promise((next) => setTimeout(next, 5));
  }
}
