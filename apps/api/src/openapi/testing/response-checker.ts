import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { operationsOf } from '../common-errors';

type Content = Record<string, { schema?: object }>;
export interface Answer {
  readonly status: number;
  /** Without parameters; '' where there is no body. */
  readonly type: string;
  /** Of a JSON answer. */
  readonly body?: unknown;
}

/** Whether a body is one JSON value: lines of NDJSON are many. */
export const isJson = (type: string) => /[/+]json$/.test(type);

/** Holds answers against the description of the API. */
export class ResponseChecker {
  private readonly operations;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: false });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenAPIObject) {
    addFormats['default'](this.ajv);
    this.operations = new Map([...operationsOf(document)].map(({ key, operation }) => [key, operation]));
  }

  /**
   * @param key method and path as Express has it, such as `GET /api/v1/runs/:id`
   * @returns what is not as described; undefined where all is
   */
  mistakeOf(key: string, { status, type, body }: Answer): string | undefined {
    const operation = this.operations.get(key);
    if (!operation) return `${key} is not described`;
    const response = operation.responses[status];
    if (!response) return `${key} answers ${status}, which is not described`;
    const content = response.content as Content | undefined;
    if (!content || type === '') return undefined;
    const described = content[type];
    if (!described) return `${key} ${status} is ${type}, not ${Object.keys(content).join(' or ')}`;
    if (!isJson(type) || !described.schema) return undefined;
    const validate = this.validatorOf(`${key} ${status} ${type}`, described.schema);
    return validate(body) ? undefined : `${key} ${status}: ${this.ajv.errorsText(validate.errors)}`;
  }

  private validatorOf(key: string, schema: object): ValidateFunction {
    let validate = this.validators.get(key);
    if (!validate) {
      validate = this.ajv.compile({ ...schema, components: this.document.components });
      this.validators.set(key, validate);
    }
    return validate;
  }
}
