/** Power Profile 0x001a (ZCL 3.17) as tables: when an appliance may run. */
import { cluster, command } from './cluster.ts';
import { bits, dec, decPart, each, flag, flagPart, hex, hexPart, is, not, reckoned, when, type Format } from './item.ts';

/** Wireshark shows so many phases and profiles at most. */
const [PHASES, PROFILES] = [16, 5];

/** A profile, unless there is none at all. */
const profile = (n: (name: string) => string): Format => [
  dec(1, n('attr.totprofnum')),
  when(not(is('totprofnum', 0)), [
    dec(1, n('pwrprofid')),
    dec(1, n('numoftransphases')),
    each(
      reckoned((at) => Math.min(at('numoftransphases'), PHASES)),
      'phases',
      dec(1, n('energyphaseid')),
      dec(1, n('macrophaseid')),
      dec(2, n('expectduration')),
      dec(2, n('peakpower')),
      dec(2, n('energy')),
      dec(2, n('maxactivdelay')),
    ),
  ]),
];

/** Power Profile 0x001a. */
export const POWER_PROFILE = cluster(0x001a, 'Power Profile', 'zbee_zcl_general.pwrprof', (n) => ({
  attributes: {
    0x0000: dec(1, n('attr.totprofnum')),
    0x0001: flag(n('attr.multiplesched')),
    0x0002: bits(1, n('attr.energyformat'), [
      decPart(n('attr.energyformat.rdigit'), 0x7),
      decPart(n('attr.energyformat.ldigit'), 0x78),
      flagPart(n('attr.energyformat.noleadingzero'), 0x80),
    ]),
    0x0003: flag(n('attr.energyremote')),
    0x0004: bits(1, n('attr.schedmode'), [
      flagPart(n('attr.schedmode.cheapest'), 0x1),
      flagPart(n('attr.schedmode.greenest'), 0x2),
      hexPart(n('attr.schedmode.reserved'), 0xfc),
    ]),
  },
  toServer: {
    0x00: command('Power Profile Request', [dec(1, n('pwrprofid'))]),
    0x01: command('Power Profile State Request', []),
    0x02: command('Get Power Profile Price Response', [
      dec(1, n('pwrprofid')),
      hex(2, n('currency')),
      dec(4, n('price')),
      dec(1, n('pricetrailingdigit')),
    ]),
    0x03: command('Get Overall Schedule Price Response', [hex(2, n('currency')), dec(4, n('price')), dec(1, n('pricetrailingdigit'))]),
    0x04: command('Energy Phases Schedule Notification', [
      dec(1, n('pwrprofid')),
      dec(1, n('numofschedphases')),
      each(
        reckoned((at) => Math.min(at('numofschedphases'), PHASES)),
        'phases',
        dec(1, n('energyphaseid')),
        dec(2, n('scheduledtime')),
      ),
    ]),
    0x05: command('Energy Phases Schedule Response', [
      dec(1, n('pwrprofid')),
      dec(1, n('numofschedphases')),
      each(
        reckoned((at) => Math.min(at('numofschedphases'), PHASES)),
        'phases',
        dec(1, n('energyphaseid')),
        dec(2, n('scheduledtime')),
      ),
    ]),
    0x06: command('Power Profile Schedule Constraints Request', [dec(1, n('pwrprofid'))]),
    0x07: command('Energy Phases Schedule State Request', [dec(1, n('pwrprofid'))]),
    0x08: command('Get Power Profile Price Extended Response', [
      dec(1, n('pwrprofid')),
      hex(2, n('currency')),
      dec(4, n('price')),
      dec(1, n('pricetrailingdigit')),
    ]),
  },
  toClient: {
    0x00: command('Power Profile Notification', profile(n)),
    0x01: command('Power Profile Response', profile(n)),
    0x02: command('Power Profile State Response', [
      dec(1, n('pwrprofcount')),
      each(
        reckoned((at) => Math.min(at('pwrprofcount'), PROFILES)),
        'profiles',
        dec(1, n('pwrprofid')),
        dec(1, n('energyphaseid')),
        flag(n('pwrprofremctrl')),
        hex(1, n('pwrprofstate')),
      ),
    ]),
    0x03: command('Get Power Profile Price', [dec(1, n('pwrprofid'))]),
    0x04: command('Power Profile State Notification', [
      dec(1, n('pwrprofcount')),
      each(
        reckoned((at) => Math.min(at('pwrprofcount'), PROFILES)),
        'profiles',
        dec(1, n('pwrprofid')),
        dec(1, n('energyphaseid')),
        flag(n('pwrprofremctrl')),
        hex(1, n('pwrprofstate')),
      ),
    ]),
    0x05: command('Get Overall Schedule Price', []),
    0x06: command('Energy Phases Schedule Request', [dec(1, n('pwrprofid'))]),
    0x07: command('Energy Phases Schedule State Response', [
      dec(1, n('pwrprofid')),
      dec(1, n('numofschedphases')),
      each(
        reckoned((at) => Math.min(at('numofschedphases'), PHASES)),
        'phases',
        dec(1, n('energyphaseid')),
        dec(2, n('scheduledtime')),
      ),
    ]),
    0x08: command('Energy Phases Schedule State Notification', [
      dec(1, n('pwrprofid')),
      dec(1, n('numofschedphases')),
      each(
        reckoned((at) => Math.min(at('numofschedphases'), PHASES)),
        'phases',
        dec(1, n('energyphaseid')),
        dec(2, n('scheduledtime')),
      ),
    ]),
    0x09: command('Power Profile Schedule Constraints Notification', [
      dec(1, n('pwrprofid')),
      dec(2, n('startafter')),
      dec(2, n('stopbefore')),
    ]),
    0x0a: command('Power Profile Schedule Constraints Response', [
      dec(1, n('pwrprofid')),
      dec(2, n('startafter')),
      dec(2, n('stopbefore')),
    ]),
    0x0b: command('Get Power Profile Price Extended', [
      bits(1, n('options'), [flagPart(n('options.01'), 0x1), hexPart(n('options.reserved'), 0xfe)]),
      dec(1, n('pwrprofid')),
      dec(2, n('pwrprofstime')),
    ]),
  },
}));
