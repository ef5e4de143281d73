/** Analog, binary and multistate inputs, outputs and values 0x000c to 0x0014 (ZCL 3.14) as tables. */
import { cluster, type Cluster } from './cluster.ts';
import { bits, decPart, each, flag, hex, mark, shownAs, type Item, type NumberItem } from './item.ts';

/**
 * The priority array: a flag and a number sixteen times. Wireshark takes the array for these alone, whatever type it is
 * declared with, and shows the lower half of each number.
 */
const priorities = (n: (name: string) => string, flagged: NumberItem): Item =>
  each(
    16,
    'value',
    mark(n('structure')),
    flagged,
    shownAs(hex(4, n('attr.priority_array.sing_prec')), hex(2, n('attr.priority_array.sing_prec'))),
  );

/** Analog Input 0x000c. */
const ANALOG_INPUT = cluster(0x000c, 'Analog Input', 'zbee_zcl_general.analog_input_basic', (n) => ({
  attributes: {
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Analog Output 0x000d. */
const ANALOG_OUTPUT = cluster(0x000d, 'Analog Output', 'zbee_zcl_general.analog_output_basic', (n) => ({
  attributes: {
    0x0057: [mark(n('priority_array')), priorities(n, flag(n('attr.priority_array.bool')))],
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Analog Value 0x000e. */
const ANALOG_VALUE = cluster(0x000e, 'Analog Value', 'zbee_zcl_general.analog_value_basic', (n) => ({
  attributes: {
    0x0057: [mark(n('priority_array')), priorities(n, flag(n('attr.priority_array.bool')))],
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Binary Input 0x000f. */
const BINARY_INPUT = cluster(0x000f, 'Binary Input', 'zbee_zcl_general.binary_input_basic', (n) => ({
  attributes: {
    0x0054: hex(1, n('attr.polarity')),
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Binary Output 0x0010. */
const BINARY_OUTPUT = cluster(0x0010, 'Binary Output', 'zbee_zcl_general.binary_output_basic', (n) => ({
  attributes: {
    0x0054: hex(1, n('attr.polarity')),
    0x0057: [mark(n('priority_array')), priorities(n, flag(n('attr.priority_array.bool')))],
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Binary Value 0x0011. */
const BINARY_VALUE = cluster(0x0011, 'Binary Value', 'zbee_zcl_general.binary_value_basic', (n) => ({
  attributes: {
    0x0057: [mark(n('priority_array')), priorities(n, flag(n('attr.priority_array.bool')))],
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Multistate Input 0x0012. */
const MULTISTATE_INPUT = cluster(0x0012, 'Multistate Input', 'zbee_zcl_general.multistate_input_basic', (n) => ({
  attributes: {
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Multistate Output 0x0013. */
const MULTISTATE_OUTPUT = cluster(0x0013, 'Multistate Output', 'zbee_zcl_general.multistate_output_basic', (n) => ({
  attributes: {
    0x0057: [mark(n('priority_array')), priorities(n, hex(1, n('attr.priority_array.bool')))],
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** Multistate Value 0x0014. */
const MULTISTATE_VALUE = cluster(0x0014, 'Multistate Value', 'zbee_zcl_general.multistate_value_basic', (n) => ({
  attributes: {
    0x0057: [mark(n('priority_array')), priorities(n, hex(1, n('attr.priority_array.bool')))],
    0x0067: hex(1, n('attr.reliability')),
    0x006f: bits(1, n('attr.status'), [
      decPart(n('attr.status.in_alarm'), 0x1),
      decPart(n('attr.status.fault'), 0x2),
      decPart(n('attr.status.overridden'), 0x4),
      decPart(n('attr.status.out_of_service'), 0x8),
    ]),
  },
}));

/** The tables. */
export const INPUT_OUTPUT: readonly Cluster[] = [
  ANALOG_INPUT,
  ANALOG_OUTPUT,
  ANALOG_VALUE,
  BINARY_INPUT,
  BINARY_OUTPUT,
  BINARY_VALUE,
  MULTISTATE_INPUT,
  MULTISTATE_OUTPUT,
  MULTISTATE_VALUE,
];
