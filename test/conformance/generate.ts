/**
 * Generated captures: every command of every table, in both directions, with payloads that fit, payloads cut short and random
 * ones; general commands with attributes of every cluster in every data type; ZDP; manufacturer-specific frames, unknown
 * clusters, commands and profiles. A deterministic function of a seed. They reach what no capture at hand holds.
 */
import { clusters } from '../../host/clusters/catalogue.ts';
import type { Cluster } from '../../host/clusters/cluster.ts';
import { foundation } from '../../host/clusters/foundation-table.ts';
import type { Format } from '../../host/clusters/item.ts';
import { ZDP_COMMANDS } from '../../host/clusters/zdp.ts';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { fcsOf } from '../fuzz/fcs.ts';
import { Random } from '../fuzz/random.ts';
import { sample } from './sample.ts';

const ZDP = 0x0000;
const SMART_ENERGY = 0x0109;
const HOME_AUTOMATION = 0x0104;
/** Building and other automation, health care, green power, manufacturers' own, light link, unknown ones. */
const PROFILES = [SMART_ENERGY, HOME_AUTOMATION, HOME_AUTOMATION, 0x0105, 0x0107, 0x0108, 0xa1e0, 0xc05e, 0xc25d, 0x0042, 0xbf00, 0xffff];
const UNKNOWN_CLUSTERS = [0x0017, 0x0024, 0x0102, 0x0b05, 0x0b21, 0x1001, 0xef00, 0xfc00, 0xfc7d, 0xffff];
const TO_CLIENT = 0x08;
const MANUFACTURER_SPECIFIC = 0x04;
const LONGEST = 80;
const START_MS = 1_700_000_000_000;

/** A pcap with `perCommand` frames for each command that a table knows, and some for those that none does. */
export function generateCapture(seed: number, perCommand: number): Uint8Array {
  const frames: Uint8Array[] = [];
  for (const cluster of clusters()) zclOf(cluster.id, cluster, perCommand, new Random(seed, cluster.name), frames);
  for (const id of UNKNOWN_CLUSTERS) zclOf(id, undefined, 1, new Random(seed, `cluster ${id}`), frames);
  zdp(perCommand, new Random(seed, 'zdp'), frames);
  const parts = [pcapHeader(), ...frames.map((psdu, index) => pcapRecord(psdu, START_MS + index))];
  return Buffer.concat(parts);
}

/** Commands of a cluster, known and unknown, and general commands about its attributes. */
function zclOf(id: number, cluster: Cluster | undefined, perCommand: number, random: Random, frames: Uint8Array[]): void {
  const add = (kind: number, command: number, payload: readonly number[]): void =>
    void frames.push(frame(random, random.of(PROFILES), id, [...header(random, kind), command, ...payload]));
  for (const direction of [0, TO_CLIENT]) {
    const named = (direction === 0 ? cluster?.toServer : cluster?.toClient)?.commands ?? {};
    for (const [command, { format }] of Object.entries(named))
      for (let i = 0; i < perCommand; i++) add(1 | direction, Number(command), payload(format, random));
    for (let i = 0; i < 2 * perCommand; i++) add(random.below(3) + 1 + direction, random.below(0x60), anything(random));
    for (const [command, format] of Object.entries(foundation(cluster, direction === 0)))
      for (let i = 0; i < perCommand; i++) add(direction, Number(command), payload(format, random));
  }
}

function zdp(perCommand: number, random: Random, frames: Uint8Array[]): void {
  const add = (cluster: number, bytes: readonly number[]): void =>
    void frames.push(frame(random, ZDP, cluster, [random.below(256), ...bytes]));
  for (const [cluster, format] of Object.entries(ZDP_COMMANDS))
    for (let i = 0; i < 4 * perCommand; i++) add(Number(cluster), payload(format, random));
  for (let i = 0; i < 0x60 * perCommand; i++) add(random.of([0, 0x8000]) | random.below(0x60), anything(random));
}

/** ZCL frame control and sequence number, now and then with a manufacturer's code. */
function header(random: Random, kind: number): number[] {
  const control = kind | (random.below(2) * 0x10) | (random.below(12) === 0 ? MANUFACTURER_SPECIFIC : 0);
  const manufacturer = random.of([0x0000, 0x1001, 0x115f, 0xffff]);
  const own = control & MANUFACTURER_SPECIFIC ? [manufacturer & 0xff, manufacturer >> 8] : [];
  return [control, ...own, random.below(256)];
}

/** Most fit their table; others are cut, go on too long, or have a byte changed. */
function payload(format: Format, random: Random): number[] {
  const bytes = sample(format, random);
  const kind = random.below(16);
  if (kind === 0) return anything(random);
  if (kind <= 2) return bytes.slice(0, random.below(bytes.length + 1));
  if (kind === 3) return [...bytes, ...anything(random)].slice(0, LONGEST);
  if (kind === 4 && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

/** Bytes of which many are small, so that counts and lengths often fit. */
function anything(random: Random): number[] {
  const length = random.below(2) === 0 ? random.below(12) : random.below(LONGEST + 1);
  return Array.from({ length }, () => (random.below(2) === 0 ? random.below(3) : random.below(256)));
}

/** A data frame, unsecured: MAC, NWK and APS headers of one shape around an APS payload. */
function frame(random: Random, profile: number, cluster: number, payloadBytes: readonly number[]): Uint8Array {
  const mac = [0x61, 0x88, 1, 0x62, 0x1a, 0x34, 0x12, 0, 0];
  const nwk = [0x08, 0x00, 0x34, 0x12, 0, 0, 30, 1];
  const aps = [0x00, 1, cluster & 0xff, cluster >> 8, profile & 0xff, profile >> 8, 1, random.below(256)];
  const psdu = Uint8Array.from([...mac, ...nwk, ...aps, ...payloadBytes, 0, 0]);
  new DataView(psdu.buffer).setUint16(psdu.length - 2, fcsOf(psdu.subarray(0, -2)), true);
  return psdu;
}
