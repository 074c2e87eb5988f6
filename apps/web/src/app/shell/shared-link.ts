import { inject } from '@angular/core';
import { Router } from '@angular/router';
import type { CanActivateFn } from '@angular/router';

/** Links to a run or a data set from when both stood at `/` (`/?run=…`) lead to where they stand now. */
export const sharedLink: CanActivateFn = ({ queryParamMap, queryParams }) => {
  if (!queryParamMap.has('run') && !queryParamMap.has('dataset')) return true;
  return inject(Router).createUrlTree(['/workspace'], { queryParams });
};
