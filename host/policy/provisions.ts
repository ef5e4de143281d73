/**
 * Which provisions apply to what. Some are for SMETS2+ alone; some lapse on a day or with completion of implementation; some vary others
 * while they hold (004 7.3-7.6, 8.2, 8.7). Security duties for a device stand in the supply licences before its enrolment, and in the
 * Code after it (004 3.7).
 */
import type { DeviceType } from '../model/device.ts';
import type { DocumentsStatement, ProvisionEntry } from '../model/regulation.ts';

/** Provisions that bind SMETS2+ only, by what they are about, with the requirement that says so. */
export const SMETS2_ONLY: Readonly<Record<string, string>> = {
  'F4.2-F4.4 interoperability': 'R-EPC-05',
  'F5-F10 communications hubs of the DCC': 'R-DEV-07',
  'Z communications hubs': 'R-DEV-07',
  'H3.14 target response times': 'R-TRT-01',
  'H7 presumption of encryption': 'R-ENC-01',
  'H11 parse and correlate': 'R-PC-01',
  GBCS: 'R-GBCS-01',
  'licence conditions on PPMID, HCALCS and Alt HAN': 'R-DEV-06',
};

/** True when a provision binds devices of a generation. */
export const applies = (provision: string, generation: 'SMETS1' | 'SMETS2'): boolean =>
  generation === 'SMETS2' || !Object.hasOwn(SMETS2_ONLY, provision);

/** The provisions among them that are about devices of a type. */
const ABOUT: Readonly<Record<string, DeviceType>> = {
  'F5-F10 communications hubs of the DCC': 'chf',
  'Z communications hubs': 'chf',
  'licence conditions on PPMID, HCALCS and Alt HAN': 'ppmid',
};

/** A provision about a device, and whether it binds it. */
export interface Binding {
  readonly provision: string;
  readonly binds: boolean;
  readonly requirement: string | undefined;
}

/** The provisions about devices of a type, and whether they bind one of a generation [R-DEV-06, R-DEV-07]. */
export const bindingOn = (type: DeviceType, generation: 'SMETS1' | 'SMETS2'): readonly Binding[] =>
  Object.entries(ABOUT)
    .filter(([, about]) => about === type)
    .map(([provision]) => ({ provision, binds: applies(provision, generation), requirement: SMETS2_ONLY[provision] }));

/** Where the security duties for a device stand [R-LIC-01]. */
export const securityDuties = (enrolled: boolean): string =>
  enrolled ? 'Smart Energy Code, G3.26-G3.29' : 'supply licence conditions 40 (gas) and 46 (electricity)';

/** True while a provision holds [R-DOC-12]. */
export function provisionHolds({ from, to, untilCompletion }: ProvisionEntry, completion: number | undefined, at: number): boolean {
  if (at < from || (to !== undefined && at >= to)) return false;
  return !untilCompletion || completion === undefined || at < completion;
}

/** The provisions that vary a base provision at a time [R-MIG-07, R-INC-04]; none = it stands as it is. */
export const variedBy = (
  { provisions, completion }: Pick<DocumentsStatement, 'provisions' | 'completion'>,
  base: string,
  at: number,
): readonly ProvisionEntry[] => provisions.filter((each) => each.varies.includes(base) && provisionHolds(each, completion, at));

/** The provisions that hold at a time and lapse again, and which base provisions they vary [R-DOC-12, R-MIG-07]. */
export function passingAt(
  documents: Pick<DocumentsStatement, 'provisions' | 'completion'>,
  at: number,
): {
  readonly provisions: readonly ProvisionEntry[];
  readonly varied: readonly { readonly base: string; readonly by: readonly string[] }[];
} {
  const provisions = documents.provisions.filter((each) => provisionHolds(each, documents.completion, at));
  const bases = [...new Set(provisions.flatMap(({ varies }) => varies))];
  return { provisions, varied: bases.map((base) => ({ base, by: variedBy(documents, base, at).map(({ provision }) => provision) })) };
}
