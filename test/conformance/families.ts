/**
 * Families of fields that are compared with tshark, each for itself: layers by the prefix of the name, and each cluster under
 * Wireshark's name of it (`price`, `ota`, `thermostat`). A field of no family is not compared.
 */

/** Name of a family. */
export type Family = string;

const LAYERS: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/^(zep|wpan-tap)\./, 'link'],
  [/^wpan\./, 'mac'],
  [/^(zbee|zbip)_beacon\./, 'beacon'],
  [/^zbee_nwk\./, 'nwk'],
  [/^zbee_nwk_gp\./, 'green-power'],
  [/^zbee[._]sec\./, 'security'],
  [/^zbee_ap[sf]\./, 'aps'],
  [/^zbee_zdp\./, 'zdp'],
  [/^zbee_zcl\./, 'zcl'],
  [/^gbcs_tunnel\./, 'gbcs'],
];
const CLUSTER = /^zbee_zcl_[a-z]+\.([a-z]\w*)\./;

/** Everything above APS together: says that fields of different families stand in the same order, too. */
export const APPLICATION: Family = 'application';

/** Families of layers, from the air upwards; those of clusters are told by the names of fields. */
export const FAMILIES: readonly Family[] = [...LAYERS.map(([, family]) => family), APPLICATION];

/** The family of a field, or undefined. */
export const familyOf = (name: string): Family | undefined =>
  LAYERS.find(([pattern]) => pattern.test(name))?.[1] ?? CLUSTER.exec(name)?.[1];

const BELOW_APPLICATION: ReadonlySet<Family> = new Set(['link', 'mac', 'beacon', 'nwk', 'green-power', 'security', 'aps']);

/** Whether a family stands above APS. */
export const isApplication = (family: Family | undefined): boolean => family !== undefined && !BELOW_APPLICATION.has(family);
