/** Groups 0x0004 and Scenes 0x0005 (ZCL 3.6 and 3.7) as tables. */
import { cluster, command } from './cluster.ts';
import {
  bits,
  choose,
  dec,
  each,
  flag,
  flagPart,
  from,
  glance,
  hex,
  hexPart,
  is,
  mark,
  not,
  prefixOrNone,
  raw,
  reckoned,
  signed,
  text,
  upTo,
  when,
  whole,
  type Format,
  type Item,
  type NumberItem,
} from './item.ts';

/** Groups 0x0004. */
export const GROUPS = cluster(0x0004, 'Groups', 'zbee_zcl_general.groups', (n) => ({
  attributes: {
    0x0000: bits(1, '', [flagPart(n('attr.group_name_support'), 0x80)]),
  },
  toServerName: 'zbee_zcl_general.groups.cmd_srv_rx.id',
  toServer: {
    0x00: command('Add Group', [
      hex(2, n('group_id')),
      text(prefixOrNone(1, n('attr_str_len')), 'zbee_zcl_general.groups_attr_str', 'groupName'),
    ]),
    0x01: command('View Group', [hex(2, n('group_id'))]),
    0x02: command('Get Group Membership', [
      dec(1, n('group_count')),
      when(not(is('groupCount', 0)), [mark(n('group_list'))]),
      each(from('groupCount'), 'groups', hex(2, n('group_id'), 'group')),
    ]),
    0x03: command('Remove a Group', [hex(2, n('group_id'))]),
    0x04: command('Remove all Groups', []),
    0x05: command('Add Group If Identifying', [
      hex(2, n('group_id')),
      text(prefixOrNone(1, n('attr_str_len')), 'zbee_zcl_general.groups_attr_str', 'groupName'),
    ]),
  },
  toClient: {
    0x00: command('Add Group Response', [hex(1, n('group_status')), hex(2, n('group_id'))]),
    0x01: command('View Group Response', [
      hex(1, n('group_status')),
      hex(2, n('group_id')),
      text(prefixOrNone(1, n('attr_str_len')), 'zbee_zcl_general.groups_attr_str', 'groupName'),
    ]),
    0x02: command('Get Group Membership Response', [
      dec(1, n('group_capacity')),
      dec(1, n('group_count')),
      when(not(is('groupCount', 0)), [mark(n('group_list'))]),
      each(from('groupCount'), 'groups', hex(2, n('group_id'), 'group')),
    ]),
    0x03: command('Remove a Group Response', [hex(1, n('group_status')), hex(2, n('group_id'))]),
  },
}));

const set = (name: string): string => `zbee_zcl_general.scenes.extension_set.${name}`;

/** A set holds as many of its attributes as fit its length, later ones where an earlier one does not. */
function bySize(...items: NumberItem[]): Item {
  const fitting = (length: number): Format => {
    let rest = length;
    return items.filter(({ bytes }) => bytes <= rest && (rest -= bytes) >= 0);
  };
  const whole = items.reduce((sum, { bytes }) => sum + bytes, 0);
  return choose('length', Object.fromEntries(Array.from({ length: whole }, (_, length) => [length, fitting(length)])), items);
}

/** Attributes of the clusters that a scene sets, by cluster. */
const sets: Readonly<Record<number, Format>> = {
  0x0006: [bySize(dec(1, set('onoff')))],
  0x0008: [bySize(dec(1, set('level')))],
  0x0101: [bySize(dec(1, set('lock_state')))],
  0x0102: [bySize(dec(1, set('current_position_lift_percentage')), dec(1, set('current_position_tilt_percentage')))],
  0x0201: [bySize(signed(2, set('occupied_cooling_setpoint')), signed(2, set('occupied_heating_setpoint')), dec(1, set('system_mode')))],
  0x0300: [
    bySize(
      dec(2, set('color_x')),
      dec(2, set('color_y')),
      dec(2, set('hue')),
      dec(1, set('saturation')),
      flag(set('color_loop_active')),
      dec(1, set('color_loop_direction')),
      dec(2, set('color_loop_time')),
    ),
  ],
};

const extensions = each(
  whole(3),
  'extensions',
  hex(2, set('cluster')),
  dec(1, '', 'length'),
  // Wireshark counts the cluster and the length as part of a set before it looks whether all of the set is there.
  glance(
    raw(
      reckoned((at) => at('length') - 3),
      '',
      'whole',
    ),
  ),
  glance(choose('cluster', sets)),
  raw(upTo('length'), '', 'set'),
);

/** Scenes 0x0005. */
export const SCENES = cluster(0x0005, 'Scenes', 'zbee_zcl_general.scenes', (n) => ({
  attributes: {
    0x0003: bits(1, '', [flagPart(n('scene_valid'), 0x1)]),
    0x0004: bits(1, '', [hexPart(n('attr.name_support'), 0x80)]),
  },
  toServer: {
    0x00: command('Add Scene', [
      hex(2, n('group_id')),
      hex(1, n('scene_id')),
      dec(2, n('transit_time')),
      text(prefixOrNone(1, n('attr_str_len')), n('attr_str'), 'sceneName'),
      extensions,
    ]),
    0x01: command('View Scene', [hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x02: command('Remove a Scene', [hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x03: command('Remove all Scenes', [hex(2, n('group_id'))]),
    0x04: command('Store Scene', [hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x05: command('Recall Scene', [hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x06: command('Get Scene Membership', [hex(2, n('group_id'))]),
    0x40: command('Enhanced Add Scene', [
      hex(2, n('group_id')),
      hex(1, n('scene_id')),
      dec(2, n('enh_transit_time')),
      text(prefixOrNone(1, n('attr_str_len')), n('attr_str'), 'sceneName'),
      extensions,
    ]),
    0x41: command('Enhanced View Scene', [hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x42: command('Copy Scene', [
      dec(1, n('copy_mode')),
      hex(2, n('group_id_from')),
      hex(1, n('scene_id_from')),
      hex(2, n('group_id_to')),
      hex(1, n('scene_id_to')),
    ]),
  },
  toClient: {
    0x00: command('Add Scene Response', [hex(1, n('scenes_status')), hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x01: command('View Scene Response', [
      hex(1, n('scenes_status')),
      hex(2, n('group_id')),
      hex(1, n('scene_id')),
      when(is('scenesStatus', 0), [
        dec(2, n('transit_time')),
        text(prefixOrNone(1, n('attr_str_len')), n('attr_str'), 'sceneName'),
        extensions,
      ]),
    ]),
    0x02: command('Remove a Scene Response', [hex(1, n('scenes_status')), hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x03: command('Remove all Scene Response', [hex(1, n('scenes_status')), hex(2, n('group_id'))]),
    0x04: command('Store Scene Response', [hex(1, n('scenes_status')), hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x06: command('Get Scene Membership Response', [
      hex(1, n('scenes_status')),
      dec(1, n('scene_capacity')),
      hex(2, n('group_id')),
      when(is('scenesStatus', 0), [
        dec(1, n('scene_count')),
        when(not(is('sceneCount', 0)), [mark('zbee_zcl_general.groups.scene_list')]),
        each(from('sceneCount'), 'scenes', hex(1, n('scene_id'), 'scene')),
      ]),
    ]),
    0x40: command('Enhanced Add Scene Response', [hex(1, n('scenes_status')), hex(2, n('group_id')), hex(1, n('scene_id'))]),
    0x41: command('Enhanced View Scene Response', [
      hex(1, n('scenes_status')),
      hex(2, n('group_id')),
      hex(1, n('scene_id')),
      when(is('scenesStatus', 0), [
        dec(2, n('enh_transit_time')),
        text(prefixOrNone(1, n('attr_str_len')), n('attr_str'), 'sceneName'),
        extensions,
      ]),
    ]),
    0x42: command('Copy Scene Response', [hex(1, n('scenes_status')), hex(2, n('group_id_from')), hex(1, n('scene_id_from'))]),
  },
}));
