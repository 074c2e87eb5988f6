import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ProblemException } from './problem';

type PathPart = PropertyKey | { key: PropertyKey };

/** Checks bodies, queries and parameters against their Zod schema; a 400 names every field that is wrong. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors = issues.map((issue) => ({ path: pathOf(issue.path ?? []), message: issue.message }));
      const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
      return new ProblemException(400, detail, errors);
    },
  });
}

function pathOf(path: readonly PathPart[]): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
