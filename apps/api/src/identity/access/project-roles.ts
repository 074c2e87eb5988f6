import { includesRole, userRoles } from '@gan-dashboard/shared-types';
import type { UserRole } from '@gan-dashboard/shared-types';

/** What somebody may do in which project. */
export class ProjectRoles {
  private constructor(
    private readonly everywhere: UserRole | undefined,
    private readonly byProject: ReadonlyMap<string, UserRole>,
  ) {}

  /** Of administrators, and of everybody where there is no sign-on: all projects, those to come among them. */
  static everywhere(role: UserRole): ProjectRoles {
    return new ProjectRoles(role, new Map());
  }

  /** @param ceiling no more than this is done in any of them: what the scopes of a token allow */
  static in(byProject: ReadonlyMap<string, UserRole>, ceiling: UserRole): ProjectRoles {
    const lower = (role: UserRole) => (includesRole(ceiling, role) ? role : ceiling);
    return new ProjectRoles(undefined, new Map([...byProject].map(([id, role]) => [id, lower(role)])));
  }

  get isEverywhere(): boolean {
    return this.everywhere !== undefined;
  }

  /** The highest role in any project; undefined where there is none. */
  get highest(): UserRole | undefined {
    return this.everywhere ?? userRoles.findLast((role) => [...this.byProject.values()].includes(role));
  }

  /** Undefined: the project is none of theirs. */
  roleIn(projectId: string): UserRole | undefined {
    return this.everywhere ?? this.byProject.get(projectId);
  }

  /** Ids of the projects in which at least this may be done, in order; undefined: in all. */
  reach(role: UserRole): readonly string[] | undefined {
    if (this.everywhere !== undefined) return includesRole(this.everywhere, role) ? undefined : [];
    return [...this.byProject].flatMap(([id, has]) => (includesRole(has, role) ? id : [])).sort();
  }

  /** Equal for those who may do the same. */
  get key(): string {
    const parts = [...this.byProject].map(([id, role]) => `${id} ${role}`).sort();
    return `${this.everywhere ?? ''}|${parts.join(',')}`;
  }
}
