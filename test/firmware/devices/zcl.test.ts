import { describe, expect, test } from 'vitest';
import { answerZcl, Status, type ClusterSide, type Inbound } from '../../../firmware/devices/zcl.ts';
import { DataType, decodeReadAttributesResponse, encodeReadAttributes } from '../../../host/clusters/foundation.ts';
import { hex } from '../../../host/model/ids.ts';

const PLAIN: ClusterSide = {
  cluster: 0x0000,
  side: 'server',
  secured: false,
  attributes: new Map([
    [4, { type: DataType.CHARACTER_STRING, read: () => 'maker' }],
    [5, { type: DataType.UINT8, read: () => 9 }],
  ]),
};
const SECURED: ClusterSide = {
  cluster: 0x0019,
  side: 'client',
  secured: true,
  attributes: new Map([[2, { type: DataType.UINT32, read: () => 0x20000 }]]),
  take: ({ command }) => (command === 3 ? { command: 4, payload: Uint8Array.of(1) } : { status: command }),
};

const inbound = (change: Partial<Inbound>): Inbound => ({
  cluster: 0x0000,
  from: 1,
  to: 1,
  control: 0x00,
  seq: 9,
  command: 0,
  payload: encodeReadAttributes([5]),
  secured: true,
  unicast: true,
  ...change,
});

const answer = (change: Partial<Inbound>): string | undefined => {
  const found = answerZcl(inbound(change), [PLAIN, SECURED]);
  return found && `${found.control.toString(16)} ${found.command.toString(16)} ${hex(found.payload)}`;
};
/** A default response to `command` of `status`, from the server (18) or the client (10) side. */
const fallback = (control: string, command: string, status: number): string => `${control} b ${command}${hex(Uint8Array.of(status))}`;
const OTA = { cluster: 0x0019, control: 0x09 };

describe('ZCL of a device', () => {
  test('answers attributes that it has and says which it has not', () => {
    const found = answerZcl(inbound({ payload: encodeReadAttributes([5, 77, 4]) }), [PLAIN]);
    expect([found?.control, found?.command]).toEqual([0x18, 1]);
    expect(decodeReadAttributesResponse(found?.payload ?? new Uint8Array())).toMatchObject([
      { attribute: 5, status: 0, type: DataType.UINT8, value: 9 },
      { attribute: 77, status: Status.UNSUPPORTED_ATTRIBUTE },
      { attribute: 4, status: 0, value: 'maker' },
    ]);
  });

  test.each([
    [
      'attributes of the client side, asked by the server',
      { ...OTA, control: 0x08, payload: encodeReadAttributes([2]) },
      '10 1 0200002300000200',
    ],
    ['a manufacturer’s attribute as unsupported', { control: 0x04 }, '18 1 050086'],
    ['a read that breaks off as malformed', { payload: Uint8Array.of(5) }, fallback('18', '00', Status.MALFORMED_COMMAND)],
    ['a write as unsupported', { command: 2 }, fallback('18', '02', Status.UNSUP_GENERAL_COMMAND)],
    ['a cluster that it has not', { cluster: 0x0006 }, fallback('18', '00', Status.UNSUPPORTED_CLUSTER)],
    ['the wrong side of a cluster', { cluster: 0x0019 }, fallback('18', '00', Status.UNSUPPORTED_CLUSTER)],
    ['a command where there are none', { control: 0x01, command: 7 }, fallback('18', '07', Status.UNSUP_CLUSTER_COMMAND)],
    ['a manufacturer’s command', { ...OTA, control: 0x0d, command: 3 }, fallback('10', '03', Status.UNSUP_CLUSTER_COMMAND)],
    ['a command by its own answer', { ...OTA, command: 3 }, '11 4 01'],
    ['a command by its status', { ...OTA, command: 0 }, fallback('10', '00', 0)],
    ['a command that wants no default response, when all is well', { ...OTA, control: 0x19, command: 0 }, undefined],
    ['a command that wants none, when all is not well', { ...OTA, control: 0x19, command: 1 }, fallback('10', '01', 1)],
    ['what should have been secured', { ...OTA, command: 3, secured: false }, fallback('10', '03', Status.NOT_AUTHORIZED)],
    ['what was meant for everybody', { ...OTA, command: 3, unicast: false }, undefined],
    ['a read meant for everybody', { unicast: false }, undefined],
    ['a default response', { command: 0x0b }, undefined],
    ['a read attributes response', { command: 0x01 }, undefined],
  ])('answers %s or keeps silent', (_, change, expected) => {
    expect(answer(change)).toBe(expected);
  });
});
