/** MAC commands (IEEE 802.15.4-2015 clause 7.5): their bodies, and whether they go where their kind may go. */
import { MAC_COMMANDS, MacCommand, UNSUPPORTED_COMMANDS } from '../clusters/mac-payload.ts';
import type { Values } from '../clusters/item.ts';
import type { Finding } from './finding.ts';
import { MacMode, MacVersion } from './frame-control.ts';
import type { MacHeading } from './mac-header.ts';

const BROADCAST = 0xffff;
const NO_SHORT_ADDRESS = 0xfffe;

/** Reads what follows the command identifier. Answers its values. */
export function readMacCommand(command: number, body: Uint8Array, heading: MacHeading, finding: Finding): Values {
  for (const allowed of ADDRESSING[command] ?? []) {
    if (allowed(heading)) continue;
    finding.remark('wpan.invalid_addressing');
    finding.refuse('mac-addressing', 'a MAC command of this kind does not go from there to there');
  }
  const format = MAC_COMMANDS[command];
  if (format === undefined) {
    finding.remark(UNSUPPORTED_COMMANDS.has(command) ? 'wpan.cmd.unsupported_cmd' : 'wpan.cmd.unknown_cmd');
    finding.unread = body;
    return {};
  }
  return finding.follow('mac', format, body);
}

type Rule = (heading: MacHeading) => boolean;

const fromExtended: Rule = ({ control }) => control.srcMode === MacMode.EXTENDED;
const toExtended: Rule = ({ control }) => control.dstMode === MacMode.EXTENDED;
const hasDestination: Rule = ({ control }) => control.dstMode !== MacMode.NONE;
const hasSource: Rule = ({ control }) => control.srcMode !== MacMode.NONE;
const toBroadcast: Rule = ({ control, dst, dstPan }) =>
  control.dstMode === MacMode.SHORT && dst === BROADCAST && (dstPan ?? 0) === BROADCAST;
const both =
  (...rules: readonly Rule[]): Rule =>
  (heading) =>
    rules.every((rule) => rule(heading));

/** Who may send a command to whom (7.5.2 to 7.5.10); each rule that is broken is remarked upon once. */
const ADDRESSING: Readonly<Record<number, readonly Rule[]>> = {
  [MacCommand.ASSOCIATION_REQUEST]: [both(fromExtended, hasDestination)],
  [MacCommand.ASSOCIATION_RESPONSE]: [both(fromExtended, toExtended)],
  [MacCommand.DISASSOCIATION]: [both(fromExtended, toExtended)],
  [MacCommand.DATA_REQUEST]: [hasSource],
  [MacCommand.PAN_ID_CONFLICT]: [both(fromExtended, toExtended)],
  [MacCommand.ORPHAN]: [both(fromExtended, toBroadcast, ({ pan }) => pan === BROADCAST)],
  [MacCommand.BEACON_REQUEST]: [
    (heading) => heading.control.version === MacVersion.V2015 || both((h) => !hasSource(h), toBroadcast)(heading),
  ],
  [MacCommand.REALIGNMENT]: [
    both(fromExtended, ({ dstPan }) => (dstPan ?? 0) === BROADCAST, hasDestination),
    ({ control, dst }) => control.dstMode !== MacMode.SHORT || dst === BROADCAST,
  ],
  [MacCommand.GTS_REQUEST]: [
    ({ control, src }) =>
      control.srcMode === MacMode.SHORT && control.dstMode === MacMode.NONE && src !== BROADCAST && src !== NO_SHORT_ADDRESS,
  ],
};
