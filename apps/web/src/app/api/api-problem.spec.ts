import { HttpErrorResponse } from '@angular/common/http';
import { toApiProblem } from './api-problem';

describe('toApiProblem', () => {
  it('shows what the API says, field by field', () => {
    const error = {
      type: 'about:blank',
      title: 'Invalid request',
      status: 422,
      detail: 'The config is not valid.',
      errors: [{ path: 'config.epochs', message: 'must be at least 1' }],
    };
    const problem = toApiProblem(new HttpErrorResponse({ status: 422, error }));
    expect(problem).toMatchObject({ status: 422, detail: 'The config is not valid.' });
    expect(problem.errors).toEqual([{ path: 'config.epochs', message: 'must be at least 1' }]);
  });

  it('says what to do about a file that is too large or of the wrong kind, even from a proxy without JSON', () => {
    const tooLarge = toApiProblem(new HttpErrorResponse({ status: 413, error: '<html>413</html>' }));
    expect(tooLarge.detail).toContain('413');
    expect(tooLarge.advice).toContain('upload limit');
    expect(toApiProblem(new HttpErrorResponse({ status: 415 })).advice).toContain('CSV');
  });

  it('says that the server is unreachable', () => {
    const problem = toApiProblem(new HttpErrorResponse({ status: 0 }));
    expect(problem.title).toBe('Server unreachable');
    expect(problem.advice).toContain('server is running');
  });
});
