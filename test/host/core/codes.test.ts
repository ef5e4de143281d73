/** The table of names against the enumerations of the core, both ways. */
import { expect, test } from 'vitest';
import * as abi from '../../../assembly/abi/code.ts';
import { CODES, nameOf, refusalOf } from '../../../host/core/codes.ts';

/** Enumerations of reasons and the layers that use them. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  MacReason: ['MAC'],
  NwkReason: ['NWK'],
  SecurityReason: ['NWK_SECURITY', 'APS_SECURITY'],
  TransportKeyReason: ['APS_SECURITY'],
  ApsReason: ['APS'],
  ZclReason: ['ZCL'],
  TxReason: ['TX'],
  KeyReason: ['KEYS'],
  ImageReason: ['IMAGE'],
  CallReason: ['CALL'],
  CurveReason: ['CURVE'],
};

const enums = abi as unknown as Readonly<Record<string, Readonly<Record<string, number | string>>>>;
const members = (name: string): number[] => Object.values(enums[name] ?? {}).filter((value) => typeof value === 'number');

const numbers = Object.entries(REASONS).flatMap(([reasons, layers]) =>
  layers.flatMap((layer) => members(reasons).map((reason) => (enums['At']?.[layer] as number) * 256 + reason)),
);

test('every enumeration of reasons is known here', () => {
  expect(
    Object.keys(enums)
      .filter((name) => name.endsWith('Reason'))
      .sort(),
  ).toEqual(Object.keys(REASONS).sort());
});

test('every code has one name, and every name is of a code', () => {
  expect(CODES.map((code) => code.layer * 256 + code.reason).sort((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b));
  expect(numbers.length).toBeGreaterThan(80);
});

test('names are unique, kebab-case, and described in a line', () => {
  expect(new Set(CODES.map((code) => code.name)).size).toBe(CODES.length);
  for (const { name, detail } of CODES) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(detail).toMatch(/^[^\n]{10,100}$/);
  }
});

test('each layer numbers its reasons from 1 without a gap', () => {
  for (const layer of new Set(CODES.map((code) => code.layer))) {
    const reasons = CODES.filter((code) => code.layer === layer).map((code) => code.reason);
    expect(reasons).toEqual(reasons.map((_, i) => i + 1));
  }
});

test('an unknown number is named as such', () => {
  expect(nameOf(9999).name).toBe('core-9999');
  expect(refusalOf(257)).toEqual({ ok: false, code: 'mac-too-long', detail: 'the PSDU is longer than 127 bytes' });
});
