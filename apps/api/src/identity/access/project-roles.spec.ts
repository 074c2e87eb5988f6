import { describe, expect, it } from 'vitest';
import { ProjectRoles } from './project-roles';

const memberships = new Map([
  ['b', 'viewer'],
  ['a', 'trainer'],
  ['c', 'administrator'],
] as const);

describe('ProjectRoles', () => {
  it('says what may be done where, and nothing of other projects', () => {
    const roles = ProjectRoles.in(memberships, 'administrator');
    expect(['a', 'b', 'c', 'd'].map((id) => roles.roleIn(id))).toEqual([
      'trainer',
      'viewer',
      'administrator',
      undefined,
    ]);
    expect(roles.highest).toBe('administrator');
    expect(roles.reach('viewer')).toEqual(['a', 'b', 'c']);
    expect(roles.reach('trainer')).toEqual(['a', 'c']);
  });

  it('lets a token do no more than its scopes allow, in any project', () => {
    const reading = ProjectRoles.in(memberships, 'viewer');
    expect(reading.reach('viewer')).toEqual(['a', 'b', 'c']);
    expect(reading.reach('trainer')).toEqual([]);
    expect(ProjectRoles.in(memberships, 'trainer').roleIn('c')).toBe('trainer');
  });

  it('gives nothing to somebody without a project', () => {
    const roles = ProjectRoles.in(new Map(), 'administrator');
    expect(roles.highest).toBeUndefined();
    expect(roles.reach('viewer')).toEqual([]);
  });

  it('knows no bounds for administrators, except those of a token', () => {
    expect(ProjectRoles.everywhere('administrator').reach('trainer')).toBeUndefined();
    expect(ProjectRoles.everywhere('viewer').reach('viewer')).toBeUndefined();
    expect(ProjectRoles.everywhere('viewer').reach('trainer')).toEqual([]);
  });

  it('has the same key for the same roles in any order, and another when one changes', () => {
    const { key } = ProjectRoles.in(memberships, 'administrator');
    expect(ProjectRoles.in(new Map([...memberships].reverse()), 'administrator').key).toBe(key);
    expect(ProjectRoles.in(new Map([...memberships, ['b', 'trainer']]), 'administrator').key).not.toBe(key);
    expect(ProjectRoles.in(new Map([...memberships].slice(1)), 'administrator').key).not.toBe(key);
  });
});
