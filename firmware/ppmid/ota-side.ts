/** The client side of the OTA cluster on a device: its attributes, and its commands handed to the `OtaClient`. */
import { DataType } from '../../host/clusters/foundation.ts';
import { OTA_CLUSTER, OtaAttribute } from '../../host/clusters/ota.ts';
import { never } from '../../host/model/fault.ts';
import { euiToAir, type Eui64 } from '../../host/model/ids.ts';
import type { Attribute, ClusterSide } from '../devices/zcl.ts';
import type { OtaClient, Stage } from './ota-client.ts';
import type { ImageId } from '../../host/clusters/ota.ts';

/** FileOffset while no image is fetched, and CurrentFileVersion while none is known. */
const UNKNOWN = 0xffffffff;
const NO_SERVER = new Uint8Array(8).fill(0xff);

/** The cluster's side. `client` and `server` are asked at each reading. */
export function otaSide(client: () => OtaClient, running: ImageId, server: () => Eui64 | undefined): ClusterSide {
  const attributes = new Map<number, Attribute>([
    [OtaAttribute.UPGRADE_SERVER_ID, { type: DataType.EUI64, read: () => serverBytes(server()) }],
    [OtaAttribute.FILE_OFFSET, { type: DataType.UINT32, read: () => client().fileOffset ?? UNKNOWN }],
    [OtaAttribute.CURRENT_FILE_VERSION, { type: DataType.UINT32, read: () => running.fileVersion }],
    [OtaAttribute.IMAGE_UPGRADE_STATUS, { type: DataType.ENUM8, read: () => upgradeStatus(client().stage) }],
    [OtaAttribute.MANUFACTURER, { type: DataType.UINT16, read: () => running.manufacturer }],
    [OtaAttribute.IMAGE_TYPE, { type: DataType.UINT16, read: () => running.imageType }],
  ]);
  return { cluster: OTA_CLUSTER, side: 'client', secured: true, attributes, take: (message) => client().take(message) };
}

/** ImageUpgradeStatus (ZCL 11.10.6). */
export function upgradeStatus(stage: Stage): number {
  switch (stage) {
    case 'normal':
      return 0;
    case 'downloading':
      return 1;
    case 'complete':
      return 2;
    case 'waiting':
      return 3;
    case 'counting-down':
      return 4;
    default:
      return never(stage);
  }
}

const serverBytes = (server: Eui64 | undefined): Uint8Array => (server === undefined ? NO_SERVER : euiToAir(server));
