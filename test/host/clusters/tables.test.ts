import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APS_COMMANDS } from '../../../host/clusters/aps-commands.ts';
import { clusters } from '../../../host/clusters/catalogue.ts';
import { foundation } from '../../../host/clusters/foundation-table.ts';
import type { Format, Item } from '../../../host/clusters/item.ts';
import { BEACON, MAC_COMMANDS, ZIGBEE_BEACON } from '../../../host/clusters/mac-payload.ts';
import { NWK_COMMANDS } from '../../../host/clusters/nwk-commands.ts';
import { read } from '../../../host/clusters/read.ts';
import { write } from '../../../host/clusters/write.ts';
import { ZDP_COMMANDS } from '../../../host/clusters/zdp.ts';

const rows = (name: string, table: Readonly<Record<number, Format>>): [string, Format][] =>
  Object.entries(table).map(([id, format]) => [`${name} 0x${Number(id).toString(16)}`, format]);

const FORMATS: [string, Format][] = [
  ...rows('MAC command', MAC_COMMANDS),
  ['beacon', BEACON],
  ['ZigBee beacon', ZIGBEE_BEACON],
  ...rows('NWK command', NWK_COMMANDS),
  ...rows('APS command', APS_COMMANDS),
  ...rows('ZDP command', ZDP_COMMANDS),
  ...clusters().flatMap((cluster) => [
    ...Object.values(cluster.toServer.commands).map(({ name, format }): [string, Format] => [`${cluster.name}: ${name} to server`, format]),
    ...Object.values(cluster.toClient.commands).map(({ name, format }): [string, Format] => [`${cluster.name}: ${name} to client`, format]),
    ...rows(`${cluster.name}: general command to server`, foundation(cluster, true)),
    ...rows(`${cluster.name}: general command to client`, foundation(cluster, false)),
  ]),
];

/** Payloads in which counts are often small, so that lists often end inside. */
const payload = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 })), { maxLength: 90 })
  .map((bytes) => Uint8Array.from(bytes));

/** Items of a format with those inside of it; groups apart, since they have keys of their own. */
function itemsOf(format: Format, inGroups: boolean): Item[] {
  return format.flatMap((item): Item[] => {
    if (item.kind === 'when') return [...itemsOf(item.then, inGroups), ...itemsOf(item.otherwise, inGroups)];
    if (item.kind === 'glance') return itemsOf(item.items, inGroups);
    if (item.kind === 'each' && inGroups) return [item, ...itemsOf(item.items, true)];
    return [item];
  });
}

describe('every table', () => {
  test('writes back what it read to its end, byte for byte', () => {
    for (const [name, format] of FORMATS) {
      fc.assert(
        fc.property(payload, (bytes) => {
          const { values, rest, short } = read(format, bytes);
          if (short !== undefined) return;
          expect([...write(format, values), ...rest], name).toEqual([...bytes]);
        }),
        { numRuns: 20, seed: 1 },
      );
    }
  });

  test('reads no byte beyond the payload, and says where bytes are missing', () => {
    for (const [name, format] of FORMATS) {
      fc.assert(
        fc.property(payload, fc.nat(90), (bytes, cut) => {
          const whole = read(format, bytes);
          const part = read(format, bytes.slice(0, cut));
          expect(part.short ?? 0, name).toBeLessThanOrEqual(cut);
          if (whole.short !== undefined && cut >= bytes.length) expect(part.short, name).toBe(whole.short);
        }),
        { numRuns: 10, seed: 2 },
      );
    }
  });

  test('gives each of its fields a key of its own', () => {
    for (const [name, format] of FORMATS) {
      const keys = itemsOf(format, false).flatMap((item) => ('key' in item && item.kind !== 'each' ? [item.key] : []));
      const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
      // A field may stand in two branches of which one is taken, but then it is the same field.
      const names = (key: string): Set<string> =>
        new Set(itemsOf(format, false).flatMap((item) => ('key' in item && item.key === key && 'name' in item ? [item.name] : [])));
      expect(
        twice.filter((key) => names(key).size > 1),
        name,
      ).toEqual([]);
    }
  });
});

const hasTshark = spawnSync('tshark', ['--version']).error === undefined;

describe.skipIf(!hasTshark)('names of fields (with tshark)', () => {
  test('are display-filter names that Wireshark knows', () => {
    const known = new Map<string, string>();
    const listing = execFileSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
    for (const line of listing.split('\n')) {
      const [kind, , name, type] = line.split('\t');
      if (kind === 'F' && name !== undefined && type !== undefined) known.set(name, type);
    }
    const names = FORMATS.flatMap(([, format]) =>
      itemsOf(format, true).flatMap((item) => [
        ...('name' in item ? [item.name] : []),
        ...(item.kind === 'number' ? item.parts.map((part) => part.name) : []),
      ]),
    );
    expect([...new Set(names)].filter((name) => name !== '' && !known.has(name))).toEqual([]);
  });
});
