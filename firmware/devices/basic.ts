/** The Basic cluster of a device (ZCL specification 3.2): what it is. */
import { DataType } from '../../host/clusters/foundation.ts';
import type { DeviceIdentity } from './node.ts';
import type { ClusterSide } from './zcl.ts';

const BASIC_CLUSTER = 0x0000;
const ZCL_VERSION = 2;
const MAINS = 0x01;

/** The server side. Basic is read without APS security too: it tells nothing that a frame header does not. */
export function basicSide({ model, hardwareVersion, name }: DeviceIdentity): ClusterSide {
  return {
    cluster: BASIC_CLUSTER,
    side: 'server',
    secured: false,
    attributes: new Map([
      [0x0000, { type: DataType.UINT8, read: () => ZCL_VERSION }],
      [0x0003, { type: DataType.UINT8, read: () => hardwareVersion & 0xff }],
      [0x0004, { type: DataType.CHARACTER_STRING, read: () => `virtual ${name}` }],
      [0x0005, { type: DataType.CHARACTER_STRING, read: () => model }],
      [0x0007, { type: DataType.ENUM8, read: () => MAINS }],
    ]),
  };
}
