/** Devices that have the whole image and then do not say or do what they should. None of these upgrades may pass for a success. */
import { OtaStatus } from '../../../host/clusters/ota.ts';
import type { Profile } from './profile.ts';

const SUCCESS = 0;

/** Says nothing when it has everything. */
export const neverEnds: Profile = {
  name: 'never-ends',
  what: 'has the whole image and never sends Upgrade End',
  seen: ['zigbee2mqtt 10352', 'Domoticz-Zigbee 1974'],
  ends: 'complete-by-passed',
  habits: () => ({ end: () => undefined }),
};

/** Refuses what it fetched, for reasons of its own. */
export const invalidImage: Profile = {
  name: 'invalid-image',
  what: 'says INVALID_IMAGE when it has the whole image',
  seen: ['zigbee2mqtt 32843', 'z03mmc 87'],
  ends: 'device-refused-image',
  habits: () => ({ end: (status) => (status === SUCCESS ? OtaStatus.INVALID_IMAGE : status) }),
};

/** Runs the new image and says that it runs the old one. */
export const staleVersion = (old: number): Profile => ({
  name: 'stale-version',
  what: 'reports the old version after it has activated the new image',
  seen: ['zigbee2mqtt 14021', 'ZigbeeTLc 7'],
  ends: 'version-not-changed',
  habits: () => ({ version: () => old }),
});
