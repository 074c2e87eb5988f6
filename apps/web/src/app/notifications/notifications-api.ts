import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { notificationCreatedSchema, notificationListSchema, notificationSchema } from '@gan-dashboard/shared-types';
import type { Notification, NotificationCreate, NotificationCreated } from '@gan-dashboard/shared-types';
import { checked, done } from '../api/request';

const base = 'api/v1/notifications';

/** `api/v1/notifications`: those of whoever is signed in. Every call rejects with an ApiProblem. */
@Injectable({ providedIn: 'root' })
export class NotificationsApi {
  private readonly http = inject(HttpClient);

  /** Newest first. */
  async list(): Promise<Notification[]> {
    return (await checked(this.http.get(base), notificationListSchema)).items;
  }

  /** The answer holds the signing secret of a webhook, this once. */
  create(request: NotificationCreate): Promise<NotificationCreated> {
    return checked(this.http.post(base, request), notificationCreatedSchema);
  }

  /** Sends a message now; rejects with 422 and the reason where it was not taken. */
  test(id: string): Promise<Notification> {
    return checked(this.http.post(`${base}/${id}/test`, null), notificationSchema);
  }

  remove(id: string): Promise<void> {
    return done(this.http.delete(`${base}/${id}`));
  }
}
