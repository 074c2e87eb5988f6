import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import {
  apiTokenListSchema,
  createdApiTokenSchema,
  sessionStateSchema,
  userPageSchema,
  userSchema,
  userSessionListSchema,
} from '@gan-dashboard/shared-types';
import type {
  ApiToken,
  ApiTokenCreate,
  CreatedApiToken,
  Page,
  PasswordChange,
  SessionState,
  Setup,
  SignIn,
  User,
  UserCreate,
  UserPatch,
  UserSession,
} from '@gan-dashboard/shared-types';
import { checked, done } from '../api/request';

const base = 'api/v1';

/** Sign-on, and what belongs to an account. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class IdentityApi {
  private readonly http = inject(HttpClient);

  state(): Promise<SessionState> {
    return checked(this.http.get(`${base}/session`), sessionStateSchema);
  }

  signIn(credentials: SignIn): Promise<SessionState> {
    return checked(this.http.post(`${base}/session`, credentials), sessionStateSchema);
  }

  setUp(setup: Setup): Promise<SessionState> {
    return checked(this.http.post(`${base}/session/setup`, setup), sessionStateSchema);
  }

  signOut(isEverywhere: boolean): Promise<void> {
    return done(this.http.delete(`${base}/session`, { params: { everywhere: isEverywhere } }));
  }

  changePassword(change: PasswordChange): Promise<void> {
    return done(this.http.put(`${base}/session/password`, change));
  }

  async sessions(): Promise<UserSession[]> {
    return (await checked(this.http.get(`${base}/sessions`), userSessionListSchema)).items;
  }

  closeSession(id: string): Promise<void> {
    return done(this.http.delete(`${base}/sessions/${id}`));
  }

  async tokens(): Promise<ApiToken[]> {
    return (await checked(this.http.get(`${base}/tokens`), apiTokenListSchema)).items;
  }

  createToken(request: ApiTokenCreate): Promise<CreatedApiToken> {
    return checked(this.http.post(`${base}/tokens`, request), createdApiTokenSchema);
  }

  revokeToken(id: string): Promise<void> {
    return done(this.http.delete(`${base}/tokens/${id}`));
  }

  users(cursor?: string): Promise<Page<User>> {
    const params = { limit: 100, ...(cursor ? { cursor } : {}) };
    return checked(this.http.get(`${base}/users`, { params }), userPageSchema);
  }

  createUser(request: UserCreate): Promise<User> {
    return checked(this.http.post(`${base}/users`, request), userSchema);
  }

  changeUser(id: string, patch: UserPatch): Promise<User> {
    return checked(this.http.patch(`${base}/users/${id}`, patch), userSchema);
  }
}
