import { provideHttpClient, withInterceptors, withXhr } from '@angular/common/http';
import { inject, provideAppInitializer, provideBrowserGlobalErrorListeners } from '@angular/core';
import type { ApplicationConfig } from '@angular/core';
import { provideRouter } from '@angular/router';
import { routes } from './app.routes';
import { sessionInterceptor } from './identity/session-interceptor';
import { SessionWatch } from './identity/session-watch';
import { LiveEvents } from './live/live-events';
import { SharedLiveEvents } from './live/shared-live-events';
import { projectInterceptor } from './projects/project-interceptor';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes),
    // fetch does not tell how far an upload has come.
    provideHttpClient(withXhr(), withInterceptors([sessionInterceptor, projectInterceptor])),
    { provide: LiveEvents, useClass: SharedLiveEvents },
    provideAppInitializer(() => inject(SessionWatch).begin()),
  ],
};
