/**
 * What has to be so of the installation before the DCC's side may ask anything of it: it is enrolled (an SMSO serves it until then,
 * 004 8.1), and, for images, its hub can hand them to devices.
 */
import type { Facts, Rule } from '../model/decision.ts';

/** Refuses with `with-smso`. */
export const enrolledRule: Rule<Pick<Facts, 'inventory'>> = {
  name: 'enrolled',
  requirements: ['R-SMSO-01'],
  family: 'TMAD',
  check: ({ inventory }) =>
    inventory?.stage === 'with-smso'
      ? { code: 'with-smso', detail: 'the installation is with its SMSO and not enrolled yet', requirements: ['R-SMSO-01'] }
      : undefined,
};

/** Refuses with `hub-serves-no-images`. */
export const otaServerRule: Rule<Pick<Facts, 'inventory'>> = {
  name: 'ota-server',
  requirements: ['R-PPMID-06'],
  check: ({ inventory }) =>
    inventory?.otaServer === false
      ? { code: 'hub-serves-no-images', detail: "the hub's firmware cannot hand images to devices", requirements: ['R-PPMID-06'] }
      : undefined,
};
