/**
 * Generated captures: every command of every cluster table with payloads of all lengths, and reports of many attributes
 * and types, as a deterministic function of a seed. They reach what no capture at hand holds.
 */
import { clusters } from '../../host/clusters/catalogue.ts';
import { DATA_TYPES } from '../../host/clusters/data-type.ts';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';

const LENGTHS = [0, 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 50, 60, 80];
const PROFILE_SE = 0x0109;
const TO_CLIENT = 0x08;
const REPORT_ATTRIBUTES = 0x0a;
const START_MS = 1_700_000_000_000;

/** Data types of one value: its length in bytes, or a string with a count of one byte. */
const SIMPLE_TYPES = Object.entries(DATA_TYPES).flatMap(([type, format]): [number, number | 'string'][] => {
  const [item] = format;
  if (format.length !== 1 || item === undefined) return [];
  if (item.kind === 'number') return [[Number(type), item.bytes]];
  if (item.kind !== 'blob' || typeof item.extent === 'string') return [];
  if (typeof item.extent === 'number') return [[Number(type), item.extent]];
  return 'prefix' in item.extent && item.extent.prefix === 1 ? [[Number(type), 'string']] : [];
});

/** A pcap of `perCommand` frames for each command and about as many for attributes. */
export function generateCapture(seed: number, perCommand: number): Uint8Array {
  const next = random(seed);
  const frames: Uint8Array[] = [];
  for (const cluster of clusters()) {
    for (const [direction, { commands }] of [
      [0, cluster.toServer],
      [TO_CLIENT, cluster.toClient],
    ] as const) {
      for (const command of Object.keys(commands).map(Number)) {
        for (let i = 0; i < perCommand; i++) frames.push(frame(cluster.id, [1 | direction, next(256), command, ...payload(next)]));
      }
      for (let i = 0; i < 4 * perCommand; i++) frames.push(frame(cluster.id, [direction, next(256), REPORT_ATTRIBUTES, ...report(next)]));
    }
  }
  return Uint8Array.from([pcapHeader(), ...frames.map((psdu, index) => pcapRecord(psdu, START_MS + index))].flatMap((part) => [...part]));
}

/** Bytes that are often small, so that counts and lengths often fit. */
function payload(next: (below: number) => number): number[] {
  const length = LENGTHS[next(LENGTHS.length)] ?? 0;
  return Array.from({ length }, () => (next(2) === 0 ? next(3) : next(256)));
}

/** One record, its value as long as its data type says; strings are told by their length. */
function report(next: (below: number) => number): number[] {
  const [type, item] = SIMPLE_TYPES[next(SIMPLE_TYPES.length)] ?? [0x20, 1];
  const attribute = next(2) === 0 ? next(0x20) : next(0x1000);
  const length = item === 'string' ? next(12) : item;
  const value = Array.from({ length }, () => 0x20 + next(0x5f));
  return [attribute & 0xff, attribute >> 8, type, ...(item === 'string' ? [length] : []), ...value];
}

/** A data frame, unsecured: MAC, NWK and APS headers of one shape around a ZCL frame. */
function frame(cluster: number, zcl: readonly number[]): Uint8Array {
  const mac = [0x61, 0x88, 1, 0x62, 0x1a, 0x34, 0x12, 0, 0];
  const nwk = [0x08, 0x00, 0x34, 0x12, 0, 0, 30, 1];
  const aps = [0x00, 1, cluster & 0xff, cluster >> 8, PROFILE_SE & 0xff, PROFILE_SE >> 8, 1, 1];
  const psdu = [...mac, ...nwk, ...aps, ...zcl];
  const fcs = crc(psdu);
  return Uint8Array.from([...psdu, fcs & 0xff, fcs >> 8]);
}

/** FCS of IEEE 802.15.4 (7.2.1.9). */
function crc(bytes: readonly number[]): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x8408 : value >>> 1;
  }
  return value;
}

/** A small generator of pseudo-random numbers below a bound. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
