/**
 * The test list of a pending product combination: every device joins, every Service Request that this product supports is made of it, and
 * every Alert that its devices can cause is seen [R-PPC-04]. One item that fails does not keep the others from being tested.
 */
import { inspectImage } from '../../firmware/image/inspect.ts';
import { withElements } from '../core/image-elements.ts';
import { verifyImage } from '../core/image.ts';
import { reportedImage } from '../lab/bench-report.ts';
import { conclusionOf, deltaOf, type PpcItem, type PpcReport, type PpcTags } from '../lab/ppc-report.ts';
import { Fault, ok, refuse, type Result } from '../model/fault.ts';
import type { PendingEntry } from '../model/regulation.ts';
import { VERSION } from '../model/version.ts';
import { conclude, open, type Lists } from '../policy/pending.ts';
import { loadModule } from './gateway.ts';
import { radioUrl } from './locators.ts';
import { PpcList } from './ppc-list.ts';
import { startPpcRig, type PpcRigPlan } from './ppc-rig.ts';

/** How a combination is tested. */
export interface PpcPlan extends Omit<PpcRigPlan, 'combination' | 'header' | 'start'>, PpcTags {
  readonly lists: Lists;
  readonly entry: PendingEntry;
  readonly image: Uint8Array;
  /** How the image is called in reports. */
  readonly name: string;
  /** Seconds of real time within which all devices must have joined. */
  readonly joinWithin?: number | undefined;
  /** Why a failure could not be mended without a change of systems or Code. */
  readonly needsChange?: string | undefined;
  readonly tell: (item: PpcItem) => void;
}

/** What came of it: the report, and both lists as they are to be signed next. */
export interface PpcOutcome {
  readonly report: PpcReport;
  readonly lists: Lists;
}

/** Names by which the two sides acknowledge: the laboratory's, and the requester by its EUI-64. */
export const LABORATORY = 'laboratory';

/**
 * Runs the test list. Refuses as `open` of policy/pending.ts; `not-acknowledged` while one side has not acknowledged its obligations
 * [R-TEST-06]; `other-image` when the image is not of the combination's PPMID; `interrupted` when the user stopped it: that is no result.
 */
export async function testCombination(plan: PpcPlan): Promise<Result<PpcOutcome>> {
  const { lists, entry, image, acknowledged, release, approach, after, radio } = plan;
  const { combination, requester, requesterIsParty, reason } = entry;
  const slot = open(lists, combination);
  if (!slot.ok) return slot;
  const missing = [LABORATORY, requester].filter((side) => !acknowledged.includes(side));
  if (missing.length > 0) return refuse('not-acknowledged', `${missing.join(' and ')} did not acknowledge the obligations of ${approach}`);
  const { header } = inspectImage(image);
  const ppmid = combination.find(({ type }) => type === 'ppmid');
  if (header === undefined) throw new Fault('input', `${plan.name}: no ZigBee OTA header at byte 0`);
  if (ppmid !== undefined && (header.manufacturer !== ppmid.manufacturer || header.fileVersion !== ppmid.firmwareVersion)) {
    return refuse('other-image', `${plan.name} is not the firmware of the combination's PPMID: manufacturer or version differ`);
  }

  const started = Date.now();
  const rig = await startPpcRig({ ...plan, combination, header, start: started });
  try {
    const { manufacturer, fileVersion, imageType } = header;
    const { hardwareVersion } = rig.ppmid;
    const expected = { ...plan.trust.demands(manufacturer), manufacturer, fileVersion, imageType, hardwareVersion };
    const verified = withElements(verifyImage(await loadModule('core.wasm'), [image], expected), image);
    const items = await new PpcList(rig, { image, verified, joinWithin: plan.joinWithin, tell: plan.tell }).run();
    if (plan.stop.aborted) return refuse('interrupted', 'the test list was not run to its end, so it has no result');
    const { result, findings } = conclusionOf(items, plan.needsChange);
    const concluded = conclude(slot.value, combination, result, findings);
    if (!concluded.ok) return concluded;
    const { lead, countersigner, gateway } = rig.world.material.parties;
    const report: PpcReport = {
      kind: 'bench-ppc',
      version: 1,
      environment: 'lab',
      software: VERSION,
      ...{ release, approach, acknowledged, after }, // tags [R-TEST-04]
      radio: radio.kind === 'air' ? `air, seed ${radio.seed}` : radioUrl(radio),
      clock: radio.kind === 'air' && !radio.realtime ? 'simulated' : 'real-time',
      mode: radio.kind === 'air' ? 'simulated user and devices' : 'simulated user, real devices',
      started,
      ended: Math.round(Math.max(started, rig.clock.now())),
      ...{ combination, requester, requesterIsParty, reason, items, result, findings },
      delta: deltaOf(combination, lists.eligible),
      warnings: entry.forecast ? [] : ['use of the test was not announced beforehand [R-PPC-08]'],
      parties: [lead, countersigner, gateway].map(({ signer: { role, party, name, kid } }) => ({ role, party, name, kid })),
      image: reportedImage(plan.name, verified),
      mayMove: result === 'passed',
    };
    return ok({ report, lists: concluded.value });
  } finally {
    await rig.close();
  }
}
